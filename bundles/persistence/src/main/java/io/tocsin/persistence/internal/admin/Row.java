package io.tocsin.persistence.internal.admin;

/** A mapped row, which never leaves this package: callers see the record it holds. */
interface Row<R> {
    R read();
}
