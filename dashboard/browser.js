/* What the pages need of the browser itself. Sent with every page, and begun once. */
if (!window.reclens) {
  window.reclens = true;

  /* What one act changes is one step in the browser's history, though Streamlit makes a step of the page and one of
     each change of its parameters; and what nobody did is none. */
  let acted = false;
  const step = history.pushState.bind(history);
  const act = () => (acted = true);
  ["pointerdown", "keydown", "click", "change"].forEach(kind => window.addEventListener(kind, act, true));
  history.pushState = (...address) => {
    acted ? step(...address) : history.replaceState(...address);
    acted = false;
  };

  /* A key pressed while the page is drawn anew waits for its button. With Streamlit alone a button answers only once
     it is there and enabled, and one from before the redrawing answers with what it meant then. A button names its
     key in a label of Streamlit's: "Shortcut Ctrl + Y". */
  const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
  const LOOK = 30; // milliseconds from one look for the button to the next
  const REST = 300; // milliseconds after which nothing is drawn any more: between two drawings it looks so for a moment
  const ANSWER = 10_000; // milliseconds in which the server begins to answer a button, however busy it is
  let waiting = [];
  let pending = 0;
  let drawn = null;

  const named = event =>
    [
      event.ctrlKey && "Ctrl", event.metaKey && "⌘", event.altKey && "Alt", event.shiftKey && "Shift",
      NAMES[event.key] ?? event.key.toUpperCase(),
    ].filter(Boolean).join(" + ");
  const buttons = key =>
    [...document.querySelectorAll(`[aria-label="Shortcut ${CSS.escape(key)}"]`)].map(label => label.closest("button"));
  const now = () => performance.now();
  const drawing = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning";
  const ready = key =>
    now() > pending && buttons(key).find(one => one && !one.disabled && !one.closest("[data-stale=true]"));
  /* What is clicked is answered by a drawing that has not begun. When it begins, all that stands is stale. */
  const ask = time => (pending = Math.max(pending, now() + time));
  const begun = changes => {
    if (changes.some(({ target }) => target.dataset.stale === "true")) pending = 0;
  };
  new MutationObserver(begun).observe(document.body, { subtree: true, attributeFilter: ["data-stale"] });
  const typing = event =>
    event.composedPath().some(one => one.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(one.tagName));

  const look = () => {
    drawn = drawing() || now() < pending ? null : drawn ?? now();
    // Those before it are of no page that is here.
    const next = waiting.findIndex(key => buttons(key).length);
    const button = next < 0 ? null : ready(waiting[next]);
    if (button) {
      waiting.splice(0, next + 1);
      drawn = null;
      button.click();
      ask(ANSWER);
    } else if (drawn !== null && now() - drawn > REST) {
      waiting.splice(0, next < 0 ? waiting.length : next + 1);
    }
    if (waiting.length) setTimeout(look, LOOK);
  };
  const hold = (event, key) => {
    if (buttons(key).length) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (!event.repeat && waiting.push(key) === 1) {
      drawn = null;
      setTimeout(look, LOOK);
    }
  };
  const press = event => {
    if (typing(event) || ["Control", "Meta", "Alt", "Shift"].includes(event.key)) return;
    const key = named(event);
    if (!waiting.length && ready(key)) ask(ANSWER);
    else if (waiting.length || drawing() || now() < pending) hold(event, key);
  };
  window.addEventListener("keydown", press, true);
  window.addEventListener("click", () => ask(REST), true);
  // What is chosen by hand goes before a key that no button here stands for.
  const forget = () => (waiting = waiting.filter(key => buttons(key).length));
  window.addEventListener("pointerdown", forget, true);
}
