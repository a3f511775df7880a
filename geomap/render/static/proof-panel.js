// @ts-check
// The proof panel: one event with all that stands behind it, or the events of one place.

class ProofPanel {
  /**
   * @param {HTMLElement} root
   * @param {{close: () => void}} actions
   */
  constructor(root, actions) {
    this.root = root;
    this.element = make("section", "gm-proof");
    this.element.setAttribute("role", "dialog");
    this.element.setAttribute("aria-modal", "false");
    this.element.hidden = true;
    this.content = make("div", "gm-proof-content");
    this.tools = make("div", "gm-proof-tools");
    this.closer = iconButton("close", t("proof.close"), () => actions.close());
    const bar = make("div", "gm-proof-bar");
    bar.append(this.tools, this.closer);
    this.element.append(bar, this.content);
    root.append(this.element);
    root.classList.remove("gm-with-proof");
    /** @type {HTMLElement | null} */
    this.opener = null;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * @param {HTMLElement} content With a heading of class `gm-card-title`.
   * @param {HTMLElement[]} tools
   */
  open(content, tools) {
    const heading = /** @type {HTMLElement | null} */ (content.querySelector(".gm-card-title"));
    if (heading) {
      heading.id = "geomap-proof-title";
      this.element.setAttribute("aria-labelledby", heading.id);
    }
    if (!this.isOpen && document.activeElement instanceof HTMLElement && document.activeElement !== document.body) this.opener = document.activeElement;
    this.tools.replaceChildren(...tools);
    this.content.replaceChildren(content);
    this.element.hidden = false;
    this.root.classList.add("gm-with-proof");
    this.content.scrollTop = 0;
    heading?.focus({ preventScroll: true });
  }

  /** @param {() => void} restore Puts the focus somewhere when its old place is gone. */
  close(restore) {
    if (!this.isOpen) return;
    const inside = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.root.classList.remove("gm-with-proof");
    this.content.replaceChildren();
    const { opener } = this;
    this.opener = null;
    if (!inside) return;
    if (opener?.isConnected && opener.offsetParent !== null) opener.focus({ preventScroll: true });
    else restore();
  }
}
