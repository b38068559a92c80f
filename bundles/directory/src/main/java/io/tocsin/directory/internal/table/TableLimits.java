package io.tocsin.directory.internal.table;

/**
 * What is refused before it can hurt.
 *
 * @param fileBytes of the file itself
 * @param unpackedBytes of a workbook's parts together
 * @param rowCharacters of one row
 */
public record TableLimits(long fileBytes, long unpackedBytes, int rowCharacters) {}
