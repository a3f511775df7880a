"""One page from the web, where somebody asks for it: public addresses only, and within limits."""
