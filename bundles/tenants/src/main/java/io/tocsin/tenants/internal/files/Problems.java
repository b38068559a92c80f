package io.tocsin.tenants.internal.files;

import java.util.ArrayList;
import java.util.List;

/** Everything wrong with a folder: file, line, field, cure. Stops counting at 200. */
final class Problems {
    private static final int MOST = 200;

    private final List<Problem> problems = new ArrayList<>();
    private int more;

    /** @param line counted from 1; 0 when there is none */
    record Problem(String file, int line, String field, String problem) {
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line : "") + ": " + (field.isEmpty() ? "" : field + ": ") + problem;
        }
    }

    void add(String file, int line, String field, String problem) {
        if (problems.size() < MOST) {
            problems.add(new Problem(file, line, field, problem));
        } else {
            more++;
        }
    }

    void add(String file, String problem) {
        add(file, 0, "", problem);
    }

    boolean none() {
        return problems.isEmpty();
    }

    int count() {
        return problems.size() + more;
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        problems.forEach(problem -> texts.add(problem.toString()));
        if (more > 0) {
            texts.add("and " + more + " more; correct these first");
        }
        return List.copyOf(texts);
    }
}
