package io.tocsin.directory.internal.imports;

import io.tocsin.directory.api.Imports.RowError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was wrong, row by row: the first so many are kept, all rejections are counted. One thread. */
final class RowErrors {
    static final String REJECTED = "rejected";
    static final String PARTIAL = "partial";
    static final String NOTICE = "notice";

    private final int kept;
    private final List<RowError> errors = new ArrayList<>();
    private int rejected;
    private int left;

    RowErrors(int kept) {
        this.kept = kept;
    }

    void add(int row, String field, String problem, String outcome) {
        if (errors.size() < kept) {
            errors.add(new RowError(row, field, problem, outcome));
        } else {
            left++;
        }
    }

    void countRejected() {
        rejected++;
    }

    int rejected() {
        return rejected;
    }

    /** How many more there were than were kept. */
    int left() {
        return left;
    }

    List<RowError> inOrder() {
        return errors.stream().sorted(Comparator.comparingInt(RowError::row)).toList();
    }
}
