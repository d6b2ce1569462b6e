/** One segment of a path, as the reference asks: `HR/1001` becomes `HR%2F1001`. A lone surrogate, which has no UTF-8, becomes U+FFFD. */
export const pathSegment = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
