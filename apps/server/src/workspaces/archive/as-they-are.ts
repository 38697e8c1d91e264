/** A line for `info/attributes`, which counts before the repository's own: files go in and out byte for byte. */
export const AS_THEY_ARE = '* -text -filter -ident !working-tree-encoding';
