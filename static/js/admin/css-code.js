/**
 * The editor of custom CSS (CodeMirror 6), a part of its own that is fetched when somebody opens it. It lives in a shadow
 * root: there its styles are constructed sheets, which a strict policy has nothing against.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { css, cssLanguage } from "@codemirror/lang-css";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/**
 * @param root a shadow root
 * @param options `{text, names, label, isLocked, changed(text)}`; `names` are `{selectors, properties}`, each a list of
 *   `[name, meaning]`
 * @returns `{show(text), mark(problems), destroy()}`
 */
export function codeEditor(root, { text, names, label, isLocked, changed }) {
  let isFollowing = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ icons: false }),
        css(),
        cssLanguage.data.of({ autocomplete: (context) => complete(context, names) }),
        syntaxHighlighting(COLOURS),
        LOOK,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "none" }),
        EditorState.readOnly.of(isLocked),
        EditorView.editable.of(!isLocked),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged && !isFollowing) changed(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show(wanted) {
      const known = view.state.doc.toString();
      if (known === wanted) return;
      isFollowing = true;
      view.dispatch({ changes: { from: 0, to: known.length, insert: wanted } });
      isFollowing = false;
    },
    mark: (problems) => view.dispatch(setDiagnostics(view.state, problems.map((problem) => diagnostic(view.state.doc, problem)))),
    destroy: () => view.destroy(),
  };
}

function diagnostic(doc, { line, message }) {
  const { from, to, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return { from: from + text.length - text.trimStart().length, to, severity: "warning", message };
}

/** The chat's own names: selectors where a selector stands, custom properties everywhere. */
function complete(context, { selectors, properties }) {
  const word = context.matchBefore(/--[\w-]*|[.#[][\w=-]*/);
  if (!word) return null;
  const isProperty = word.text.startsWith("--");
  if (!isProperty && isInRule(context)) return null;
  const options = (isProperty ? properties : selectors).map(([label, detail]) => ({
    label,
    detail,
    type: isProperty ? "variable" : "class",
    boost: 50,
  }));
  return { from: word.from, options, validFor: /^(--[\w-]*|[.#[][\w=-]*)$/ };
}

function isInRule({ state, pos }) {
  for (let node = syntaxTree(state).resolveInner(pos, -1); node; node = node.parent) {
    if (node.name === "Block") return node.parent?.name === "RuleSet";
  }
  return false;
}

/* The colours are the admin's, which follow light and dark (static/css/admin/css-editor.css). */
const COLOURS = HighlightStyle.define([
  { tag: [tags.className, tags.tagName, tags.labelName, tags.attributeName], color: "var(--code-selector)" },
  { tag: [tags.propertyName, tags.variableName], color: "var(--code-property)" },
  { tag: [tags.number, tags.unit, tags.color, tags.atom, tags.keyword], color: "var(--code-value)" },
  { tag: [tags.string], color: "var(--code-string)" },
  { tag: [tags.comment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.definitionKeyword, tags.modifier, tags.operatorKeyword], color: "var(--code-rule)", fontWeight: "600" },
]);

const LOOK = EditorView.theme({
  "&": {
    color: "var(--tblr-body-color)",
    backgroundColor: "var(--porch-surface)",
    fontSize: "0.8125rem",
    border: "1px solid var(--porch-field-border)",
    borderRadius: "var(--tblr-border-radius)",
    overflow: "hidden",
  },
  "&.cm-focused": { outline: "2px solid var(--porch-focus)", outlineOffset: "1px" },
  ".cm-scroller": { minHeight: "240px", maxHeight: "min(60vh, 560px)", overflow: "auto", lineHeight: "1.6" },
  ".cm-content": { fontFamily: "ui-monospace, 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace", caretColor: "var(--tblr-body-color)" },
  ".cm-gutters": { color: "var(--tblr-secondary-color)", backgroundColor: "var(--porch-muted-surface)", border: "0" },
  ".cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-cursor": { borderLeftColor: "var(--tblr-body-color)" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-selection)", outline: "1px solid var(--tblr-secondary-color)" },
  ".cm-tooltip": {
    maxWidth: "320px",
    color: "var(--tblr-body-color)",
    backgroundColor: "var(--porch-surface)",
    border: "1px solid var(--porch-field-border)",
    borderRadius: "6px",
    boxShadow: "var(--porch-shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", lineHeight: "1.5" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--tblr-body-color)", backgroundColor: "var(--code-selection)" },
  ".cm-completionDetail": { color: "var(--tblr-secondary-color)", fontStyle: "normal" },
  ".cm-completionMatchedText": { fontWeight: "650", textDecoration: "none" },
  ".cm-diagnostic": { padding: "4px 8px", borderLeft: "3px solid var(--tblr-warning)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--tblr-warning)", textUnderlineOffset: "3px" },
});
