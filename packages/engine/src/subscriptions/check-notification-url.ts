const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Graph calls https addresses only; plain http is for a simulator on this machine. */
export const checkNotificationUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname));
  if (!allowed || url.username !== '' || url.hash !== '') {
    throw new Error('notifications.publicUrl must be an https address; plain http is for loopback addresses only.');
  }
  return text;
};
