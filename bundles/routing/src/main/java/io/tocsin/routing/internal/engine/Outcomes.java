package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.SendOutcome;

/** Keeps what a channel says within what the vocabulary allows: its codes are short words, and it is not always true to that. */
final class Outcomes {
    private static final int LONGEST_CODE = 64;

    private Outcomes() {}

    static SendOutcome bounded(SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Retry retry) {
            String code = code(retry.code());
            return code == retry.code() ? retry : new SendOutcome.Retry(code, retry.after(), retry.scope());
        }
        if (outcome instanceof SendOutcome.Rejected rejected) {
            String code = code(rejected.code());
            return code == rejected.code() ? rejected : new SendOutcome.Rejected(code, rejected.fault());
        }
        if (outcome instanceof SendOutcome.InDoubt doubt) {
            String code = code(doubt.code());
            return code == doubt.code() ? doubt : new SendOutcome.InDoubt(code, doubt.carrierIds());
        }
        return outcome;
    }

    /** The same object when nothing is wrong with it. */
    static String code(String code) {
        boolean fine = code.length() <= LONGEST_CODE && code.chars().noneMatch(Character::isISOControl);
        return fine
                ? code
                : code.substring(0, Math.min(code.length(), LONGEST_CODE)).replaceAll("\\p{Cntrl}", "?");
    }
}
