// The same rules as lib/phrase_match.py: one shape for every way of writing.

export function fold(text) {
    return text
        .normalize("NFKC")
        .replace(/[^\p{L}\p{N}]+/gu, "")
        .toLowerCase();
}

/**
 * @param {string} text what was typed
 * @param {{text: string}[]} words
 * @returns {Object[]} the words that occur; one inside a longer one is left out
 */
export function findWords(text, words) {
    const folded = fold(text);
    if (!folded) {
        return [];
    }
    const found = words
        .map((word) => ({ ...word, needle: fold(word.text) }))
        .filter(({ needle }) => needle && folded.includes(needle));
    return found.filter(
        ({ needle }) =>
            !found.some(
                (longer) =>
                    longer.needle !== needle &&
                    longer.needle.includes(needle) &&
                    folded.split(needle).length - 1 ===
                        (folded.split(longer.needle).length - 1) *
                            (longer.needle.split(needle).length - 1)
            )
    );
}
