/* Passkeys on our pages. The ceremony itself is in the log-in library's scripts; this shows its buttons where the
   browser can do it, and says in words what went wrong. Without scripts the buttons stay hidden. */
(function () {
  'use strict';
  const number = /^(\d+\.){3}\d+$|^\[/.test(window.location.hostname);
  const able = typeof window.PublicKeyCredential === 'function' && !number;

  function all(selector) {
    return Array.from(document.querySelectorAll(selector));
  }

  function start() {
    all(able ? '[data-passkey]' : '[data-no-passkey]').forEach((part) => { part.hidden = false; });
  }

  document.addEventListener('allauth.error', (event) => {
    event.preventDefault();
    all('[data-passkey-failed]').forEach((part) => {
      part.hidden = false;
      part.focus();
    });
  });

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
