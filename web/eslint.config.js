import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

/** A word that somebody reads. */
const WORD = "/[A-Za-z\\u4e00-\\u9fff]{2,}/";
/** Places where words are read: between tags, and in what names, explains or hints at something. */
const READ = [
  ":matches(JSXElement, JSXFragment) > JSXExpressionContainer",
  "JSXAttribute[name.name=/^(aria-label|aria-description|aria-roledescription|aria-valuetext|title|label|alt|description|error|nothingFoundMessage)$/] > JSXExpressionContainer",
];
const untranslated = [
  // The product's name and the keys of a keyboard are the same in every language.
  `JSXText[value=${WORD}]:not([value=/^\\s*(Stagecraft|Alt [↵↑↓])\\s*$/])`,
  `JSXAttribute[name.name=/^(aria-label|aria-description|aria-roledescription|aria-valuetext|title|label|alt|description|error|nothingFoundMessage)$/] > Literal[value=${WORD}]:not([value=/^(Stagecraft|Language · 语言)$/])`,
  // What is typed in is shown by an example: addresses and codes are no words.
  `JSXAttribute[name.name="placeholder"] > Literal[value=/[A-Za-z]{2,} [A-Za-z]{2,}/]`,
  ...READ.flatMap((place) => ["Literal", "TemplateLiteral > TemplateElement"].flatMap((words) => [`${place} > ${words}`, `${place} > :matches(ConditionalExpression, LogicalExpression) > ${words}`]))
    .map((place) => `${place}[${place.endsWith("Literal") ? "value" : "value.raw"}=${WORD}]`),
].map((selector) => ({ selector, message: "Every text exists in both languages: texts.ts of the room." }));

export default tseslint.config(
  { ignores: ["dist", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    languageOptions: { globals: globals.browser },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-console": "error",
    },
  },
  { files: ["src/**/*.tsx"], ignores: ["**/*.test.tsx"], rules: { "no-restricted-syntax": ["error", ...untranslated] } },
  { files: ["public/*.js"], languageOptions: { globals: globals.browser } },
);
