"""Text to drafts: documents, toponyms, dates, and the events that they report, each with its evidence."""
