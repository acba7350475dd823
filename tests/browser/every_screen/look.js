// What is asked of a page besides what axe asks. Returns functions; each gives a list of [what, where].
(() => {
  const PHYSICAL = new Set(["fixed", "sticky"]);
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable]";

  const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  // Only for screen readers: one pixel large.
  const aside = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const box = one.getBoundingClientRect();
      if (one.classList.contains("hidden") || (box.width <= 1 && box.height <= 1)) return true;
    }
    return false;
  };
  const name = (node) => {
    const text = (node.getAttribute("aria-label") || node.innerText || node.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${node.tagName.toLowerCase()}${node.id ? "#" + node.id : ""}${node.name ? `[name=${node.name}]` : ""} "${text}"`;
  };
  const textNodes = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && !parent.closest("script, style, noscript, template, textarea, code")) found.push(walker.currentNode);
    }
    return found;
  };

  // All words of the page with the language that they are said to be in: [language, words, where].
  const words = () => {
    const found = [];
    const add = (node, text, where) => {
      const said = text.trim().replace(/\s+/g, " ");
      // What somebody typed has no language that we know of: it is marked by dir=auto.
      if (said && !node.closest("[dir=auto]")) found.push([node.closest("[lang]")?.lang ?? "", said, where]);
    };
    add(document.documentElement, document.title, "title");
    for (const node of textNodes(document.body)) {
      // An address with places to break is one word.
      if (node.previousSibling?.localName === "wbr") continue;
      let text = node.data;
      for (let place = node.nextSibling; place?.localName === "wbr"; place = place.nextSibling?.nextSibling) text += place.nextSibling?.data ?? "";
      add(node.parentElement, text, node.parentElement.tagName.toLowerCase());
    }
    for (const node of document.querySelectorAll("body *")) {
      for (const { name: attribute, value } of node.attributes) {
        if (["aria-label", "title", "placeholder", "alt"].includes(attribute)) add(node, value, attribute);
        if (attribute.startsWith("data-") && value.includes(" ")) add(node, value, attribute);
      }
    }
    return found;
  };

  const frame = (given) => {
    const wrong = [];
    const root = document.documentElement;
    if (root.lang !== given.language) wrong.push(["lang of the page", root.lang]);
    if (root.dir !== given.direction) wrong.push(["dir of the page", root.dir]);
    const first = [...document.querySelectorAll("h1")].filter(shown);
    if (first.length !== 1) wrong.push(["headings of the first level", String(first.length)]);
    else if (!first[0].innerText.trim()) wrong.push(["heading of the first level", "empty"]);
    if (!document.title.trim() || document.title.trim().startsWith("·")) wrong.push(["title", document.title]);
    for (const node of document.querySelectorAll("[tabindex]")) {
      if (node.tabIndex > 0) wrong.push(["tabindex above zero", name(node)]);
      // The arrow of a box with a list does what the arrow keys do in the box.
      const pressed = node.matches("a[href], button, input, select, textarea, summary") && !node.closest("[aria-hidden=true], .combo");
      if (node.tabIndex < 0 && pressed && shown(node)) wrong.push(["left out by Tab", name(node)]);
    }
    for (const node of document.querySelectorAll("body *")) {
      const style = getComputedStyle(node);
      if (style.order !== "0" || style.flexDirection.endsWith("-reverse")) wrong.push(["seen in another order than read", name(node)]);
    }
    return wrong;
  };

  // Words in Arabic letters have to run from right to left, whatever stands around them.
  const directions = () =>
    textNodes(document.body)
      .filter((node) => /^[^\p{L}]*\p{Script=Arabic}/u.test(node.data) && !/\p{Script=Latin}/u.test(node.data) && node.data.trim().length > 12)
      .filter((node) => shown(node.parentElement) && getComputedStyle(node.parentElement).direction !== "rtl")
      .map((node) => ["runs the wrong way", node.data.trim().slice(0, 60)])
      .concat(backwards());

  // Telephone numbers and "from - to" are read from the left, also within text that runs from the right.
  const backwards = () => {
    const wrong = [];
    const range = document.createRange();
    const box = (node, at) => {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return range.getBoundingClientRect();
    };
    for (const node of textNodes(document.body)) {
      if (!/\d/.test(node.data) || !shown(node.parentElement)) continue;
      for (const match of node.data.matchAll(/\+?\d+(?: \d+){2,}|\d{1,2}:\d{2}\s?[–-]\s?\d{1,2}:\d{2}/g)) {
        const first = box(node, match.index);
        const last = box(node, match.index + match[0].length - 1);
        if (first.top === last.top && first.left > last.left) wrong.push(["a number runs backwards", `${match[0]} in ${name(node.parentElement)}`]);
      }
    }
    return wrong;
  };

  const layout = () => {
    const wrong = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
      const wide = [...document.querySelectorAll("body *")].filter((node) => {
        const box = node.getBoundingClientRect();
        return shown(node) && !aside(node) && (box.right > root.clientWidth + 1 || box.left < -1);
      });
      wrong.push(["wider than the screen", `${root.scrollWidth} > ${root.clientWidth}: ${wide.slice(-2).map(name).join(", ")}`]);
    }
    for (const node of document.querySelectorAll("body *")) {
      const style = getComputedStyle(node);
      if (["textarea", "select", "input"].includes(node.localName) || !shown(node) || aside(node)) continue;
      const wide = node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0;
      const high = node.scrollHeight > node.clientHeight + 1 && node.clientHeight > 0;
      if (/auto|scroll/.test(style.overflowX) && wide && node.tabIndex < 0 && !node.querySelector(INTERACTIVE))
        wrong.push(["scrolls and cannot be reached", name(node)]);
      if ((/hidden|clip/.test(style.overflowX) && wide) || (/hidden|clip/.test(style.overflowY) && high)) wrong.push(["cut off", name(node)]);
    }
    return [...wrong, ...broken(), ...overlaps(), ...choices()];
  };

  // What is chosen in a list can be read, unless it is a long name or the screen that of a phone.
  const pen = document.createElement("canvas").getContext("2d");
  const choices = () => {
    const wrong = [];
    for (const node of document.querySelectorAll("select")) {
      const chosen = node.selectedOptions[0]?.label ?? "";
      if (innerWidth < 600 || !shown(node) || aside(node) || !chosen || chosen.length > 30) continue;
      const style = getComputedStyle(node);
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      // The arrow takes some 20 pixels.
      const room = node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 20;
      if (pen.measureText(chosen).width > room + 1) wrong.push(["cut off", `${chosen} in ${name(node)}`]);
    }
    return wrong;
  };

  // A word is not broken in the middle, unless it is longer than a narrow screen can hold.
  const broken = () => {
    const wrong = [];
    const range = document.createRange();
    for (const node of textNodes(document.body)) {
      if (node.data.length < 4 || !shown(node.parentElement) || aside(node.parentElement)) continue;
      range.selectNodeContents(node);
      if (range.getClientRects().length < 2) continue;
      for (const match of node.data.matchAll(/(?<![\p{L}\p{N}@._\/:-])\p{L}{2,18}(?![\p{L}\p{N}@._\/-])/gu)) {
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        const tops = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top)));
        if (tops.size > 1) wrong.push(["a word is broken", `${match[0]} in ${name(node.parentElement)}`]);
      }
    }
    return wrong;
  };

  const floats = (node) => {
    for (let one = node; one; one = one.parentElement) if (PHYSICAL.has(getComputedStyle(one).position)) return true;
    return false;
  };

  // Nothing that is pressed lies over something else that is pressed.
  const overlaps = () => {
    const wrong = [];
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
      .filter((node) => shown(node) && !aside(node) && !floats(node))
      .map((node) => [node, [...node.getClientRects()].filter((box) => box.width > 1)]);
    for (let one = 0; one < all.length; one += 1)
      for (let other = one + 1; other < all.length; other += 1) {
        const [first, boxes] = all[one];
        const [second, others] = all[other];
        if (first.contains(second) || second.contains(first)) continue;
        const over = boxes.some((a) => others.some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
        if (over) wrong.push(["one over the other", `${name(first)} and ${name(second)}`]);
      }
    return wrong;
  };

  // What floats over the rest goes away when somebody scrolls: it takes no room from what lies below.
  const stuck = [];
  const unstick = () => {
    for (const node of document.querySelectorAll("body *"))
      if (getComputedStyle(node).position === "sticky") {
        node.style.position = "static";
        stuck.push(node);
      }
  };
  const stick = () => stuck.splice(0).forEach((node) => node.style.removeProperty("position"));

  // A list without anything in it says why, and leads on.
  const next = () => {
    const main = document.querySelector("main");
    const said = [...main.querySelectorAll(".empty, .next")].filter(shown);
    if (!said.length) return [["an empty list says nothing", document.title]];
    const leads = said.some((one) => one.querySelector("a, button")) || [...main.querySelectorAll("button.main, .button.main")].some(shown);
    return leads ? [] : [["an empty list leads nowhere", said[0].innerText]];
  };

  // The tab sequence: what ought to be in it, and what was.
  let stops = [];
  let walked = [];

  const expected = () => {
    const groups = new Set();
    return [...document.querySelectorAll(INTERACTIVE)].filter((node) => {
      if (node.tabIndex < 0 || node.disabled || !shown(node) || node.closest("[inert]")) return false;
      if (node.localName === "summary" && node.parentElement.querySelector(":scope > summary") !== node) return false;
      if (node.type !== "radio" || !node.name) return true;
      // A group of radio buttons is one stop: the chosen one, or the first one.
      const group = `${node.form?.id ?? ""}${[...document.forms].indexOf(node.form)}:${node.name}`;
      const chosen = [...document.querySelectorAll("input[type=radio]")].find((one) => one.name === node.name && one.form === node.form && one.checked);
      if (chosen ? chosen !== node : groups.has(group)) return false;
      groups.add(group);
      return true;
    });
  };

  const covered = (node) => {
    const boxes = [...node.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    const seen = boxes.filter((box) => box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth);
    if (!seen.length) return "out of sight";
    const over = seen.map((box) => {
      const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
      const y = Math.min(Math.max((Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2, 1), innerHeight - 1);
      return document.elementFromPoint(x, y);
    });
    return over.some((one) => one && (node.contains(one) || one.contains(node) || one.closest("label")?.control === node)) ? "" : `covered by ${over[0] && name(over[0])}`;
  };

  const note = (event) => {
    if (event.key !== "Tab") return;
    const node = document.activeElement;
    if (walked.length && walked[walked.length - 1].node === node) return; // within a date
    const style = getComputedStyle(node);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    walked.push({ node, outlined, covered: node === document.body ? "" : covered(node) });
  };

  // Begins before the first stop; returns how often Tab has to be pressed to come round once.
  const begin = () => {
    stops = expected();
    walked = [];
    document.addEventListener("keyup", note, true);
    const dates = stops.filter((node) => /^(date|time|datetime-local)$/.test(node.type)).length;
    // From the top, wherever the page has put the focus.
    const top = document.body.appendChild(document.createElement("span"));
    document.body.prepend(top);
    top.tabIndex = -1;
    top.focus();
    top.remove();
    return stops.length + dates * 6 + 3;
  };

  const end = () => {
    document.removeEventListener("keyup", note, true);
    const wrong = [];
    // The way from the first stop until it comes again, or until the page is left.
    const start = walked.findIndex((one) => one.node === stops[0]);
    const way = [];
    for (const one of walked.slice(Math.max(start, 0))) {
      if (one.node === document.body || way.some((before) => before.node === one.node)) break;
      way.push(one);
    }
    const reached = new Set(way.map((one) => one.node));
    for (const node of stops) if (!reached.has(node)) wrong.push(["not reached by Tab", name(node)]);
    for (const { node } of way)
      if (!stops.includes(node) && !(node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight)) wrong.push(["reached by Tab for nothing", name(node)]);
    const order = way.map((one) => stops.indexOf(one.node)).filter((number) => number >= 0);
    order.forEach((number, place) => {
      if (place && number < order[place - 1]) wrong.push(["reached in another order", `${name(stops[order[place - 1]])} before ${name(stops[number])}`]);
    });
    for (const one of way) {
      if (!one.outlined) wrong.push(["focus is not seen", name(one.node)]);
      if (one.covered) wrong.push(["focus is " + one.covered, name(one.node)]);
    }
    return [wrong, way.length];
  };

  window.look = { words, frame, directions, layout, stick, unstick, next, begin, end };
})();
