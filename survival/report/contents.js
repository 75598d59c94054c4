// The contents follow the reader: the link of the part in sight is marked, and stays in sight itself.

function followContents() {
  const contents = document.querySelector(".contents");
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  const parts = [...links.keys()].map(byId).filter((part) => part && byId("main").contains(part));
  const inSight = new Set();
  const mark = () => {
    const part = parts.filter((one) => inSight.has(one)).sort(inOrder).pop(); // an article lies inside its group
    if (!part) return;
    for (const link of links.values()) link.removeAttribute("aria-current");
    const link = links.get(part.id);
    link.setAttribute("aria-current", "location");
    const box = contents.getBoundingClientRect();
    const place = link.getBoundingClientRect();
    if (place.top < box.top || place.bottom > box.bottom) contents.scrollTop += place.top - box.top - box.height / 3;
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) inSight[entry.isIntersecting ? "add" : "delete"](entry.target);
    mark();
  }, { rootMargin: "-70px 0px -70% 0px" });
  parts.forEach((part) => watch.observe(part));
}

function inOrder(a, b) {
  return a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}
