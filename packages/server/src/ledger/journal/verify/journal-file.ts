/**
 * A journal as a file, as docs/reference/journal.md gives it:
 *
 *     lastro-journal 1\n
 *     block <number> <length in bytes> <hash>\n<the block's bytes>      … once for each block
 *     end <blocks> <hash of the last block>\n
 */
export const FILE_TITLE = 'lastro-journal 1';

/** The longest line beside the blocks: two numbers and a hash. */
export const FILE_LINE_BYTES_MAX = 128;

/** More than any block that a bank writes. */
export const FILE_BLOCK_BYTES_MAX = 512 * 1024 * 1024;
