import { removeInvisible } from '@telltale/kernel';

/** The text without what nobody sees: control, bidirectional, zero-width and tag characters. Tabs and line breaks stay. */
export const cleanText = (text: string): string => removeInvisible(text.replace(/\r\n?/g, '\n'));
