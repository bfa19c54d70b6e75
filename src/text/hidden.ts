/** Characters that nobody sees, or that change what stands beside them. @module */

/**
 * Controls, halves of surrogates, private characters, everything that Unicode lets a program not draw, line separators,
 * annotations, and signs that are drawn as nothing: the braille blank, an empty notehead, blanks of hieroglyphs, fillers.
 */
export const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffc\u{1107f}\u{13441}\u{13442}\u{16fe4}\u{1d159}]/u;
