/** The number that the server gave this page: style sheets that bear it are let through by the content security policy. */
export const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";

// The library that keeps the page from scrolling behind dialogs asks for it under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
