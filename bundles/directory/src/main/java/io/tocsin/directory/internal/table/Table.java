package io.tocsin.directory.internal.table;

/** A file that can be read as a table, again and again: each {@link #rows()} starts from the top. */
public interface Table {
    /** {@code csv} or {@code xlsx}. */
    String format();

    /** The charset's name for text; empty for a workbook, which is always Unicode. */
    String encoding();

    /** The one character between cells; empty for a workbook. */
    String separator();

    Rows rows();
}
