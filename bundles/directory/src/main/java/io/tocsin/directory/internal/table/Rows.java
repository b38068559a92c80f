package io.tocsin.directory.internal.table;

import java.util.Iterator;

/**
 * The rows of a table that hold anything, in order. Reads as it goes; {@code hasNext} and {@code next} throw
 * {@link io.tocsin.directory.api.RefusedException} naming the row where the file stops being a table. One thread.
 */
public interface Rows extends Iterator<Row>, AutoCloseable {
    @Override
    void close();
}
