/** `localhost`, `127.0.0.0/8` and `[::1]`: the only places where plain http, ports and fixed tokens are accepted. */
export const isLoopback = (url: URL): boolean =>
  url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
