/**
 * JSON with every character beyond ASCII escaped: as many bytes as characters, so a frame's length is the text's
 * and it can be written byte for byte.
 */
export function toAsciiJson(value: unknown): string {
  return escapeNonAscii(JSON.stringify(value));
}

const BEYOND_ASCII = /[\u007f-\uffff]/;
const EACH_BEYOND_ASCII = /[\u007f-\uffff]/g;

function escapeNonAscii(json: string): string {
  if (!BEYOND_ASCII.test(json)) return json;
  return json.replace(
    EACH_BEYOND_ASCII,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
