package io.tocsin.audit.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a verifier found.
 *
 * @param recognised whether it is an evidence package at all
 * @param records how many records were read
 * @param findings what is wrong, the first first; empty: intact
 * @param keyId the key that signed; empty if that could not be read
 * @param variant {@code full} or {@code masked}, as the manifest says; empty if that could not be read
 */
record Verdict(boolean recognised, long records, List<Finding> findings, String keyId, String variant) {

    /**
     * @param part the part's name, or {@code package} for what surrounds the parts
     * @param record the record's number in the part from 1, 0 for its head line, -1 when no record can be named
     */
    record Finding(String part, long record, String problem) {
        String where() {
            return record < 0 ? part : part + " record " + record;
        }
    }

    boolean intact() {
        return recognised && findings.isEmpty();
    }

    int exitCode() {
        return !recognised ? 2 : findings.isEmpty() ? 0 : 1;
    }

    /** One line for scripts; {@code firstBad} is null when intact. */
    String json() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("intact", intact());
        line.put("records", records);
        line.put("firstBad", findings.isEmpty() ? null : findings.get(0).where());
        line.put("problem", findings.isEmpty() ? null : findings.get(0).problem());
        line.put("key", keyId);
        line.put("variant", variant);
        return Json.canonical(line);
    }
}
