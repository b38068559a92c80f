package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.Map;

/** What the command_status of a negative response means (SMPP 3.4 §5.1.3). A negative response is final: nothing was sent. */
final class SmppStatus {
    private static final int INVALID_BIND_STATUS = 0x04;
    private static final int SYSTEM_ERROR = 0x08;
    private static final int INVALID_DESTINATION = 0x0b;
    private static final int QUEUE_FULL = 0x14;
    private static final int THROTTLED = 0x58;
    private static final int TEMPORARY_ERROR = 0x64;

    /** How long a carrier that throttles wants to be left alone. */
    private static final Duration BREATH = Duration.ofSeconds(1);

    private static final Map<Integer, Fault> FAULTS = Map.ofEntries(
            Map.entry(0x01, Fault.CONTENT), // message length
            Map.entry(0x06, Fault.ACCOUNT), // priority flag
            Map.entry(0x07, Fault.ACCOUNT), // registered delivery flag
            Map.entry(0x0a, Fault.ACCOUNT), // source address
            Map.entry(INVALID_DESTINATION, Fault.ADDRESS),
            Map.entry(0x15, Fault.ACCOUNT), // service type
            Map.entry(0x43, Fault.ACCOUNT), // esm_class
            Map.entry(0x48, Fault.ACCOUNT), // source type of number
            Map.entry(0x49, Fault.ACCOUNT), // source numbering plan
            Map.entry(0x50, Fault.ADDRESS), // destination type of number
            Map.entry(0x51, Fault.ADDRESS), // destination numbering plan
            Map.entry(0x53, Fault.ACCOUNT), // system type
            Map.entry(0x62, Fault.ACCOUNT), // validity period
            Map.entry(0x101, Fault.ACCOUNT), // prohibited
            Map.entry(0x104, Fault.CONTENT)); // data coding

    private static final Map<Integer, String> BIND_REFUSALS = Map.of(
            0x04,
            "wrong bind status",
            0x05,
            "already bound",
            0x08,
            "system error",
            0x0d,
            "bind failed",
            0x0e,
            "invalid password",
            0x0f,
            "invalid system id",
            0x53,
            "invalid system type",
            THROTTLED,
            "throttled");

    private SmppStatus() {}

    static SendOutcome outcome(int status) {
        return switch (status) {
            case THROTTLED -> new SendOutcome.Retry("throttled", BREATH, Scope.ACCOUNT);
            case QUEUE_FULL -> new SendOutcome.Retry("queue-full", BREATH, Scope.ACCOUNT);
            case INVALID_BIND_STATUS -> new SendOutcome.Retry(code(status), BREATH, Scope.ACCOUNT);
            case SYSTEM_ERROR, TEMPORARY_ERROR -> new SendOutcome.Retry(code(status), Duration.ZERO, Scope.MESSAGE);
            default -> new SendOutcome.Rejected(code(status), FAULTS.getOrDefault(status, Fault.CARRIER));
        };
    }

    /** Certainly not sent, for want of a connection. */
    static SendOutcome notBound(Duration reconnectDelay) {
        return new SendOutcome.Retry("not-bound", reconnectDelay, Scope.ACCOUNT);
    }

    static String bindRefusal(int status) {
        return "smpp bind refused: " + BIND_REFUSALS.getOrDefault(status, "status") + " " + hex(status);
    }

    private static String code(int status) {
        return "smpp-" + hex(status);
    }

    private static String hex(int status) {
        return "0x%02x".formatted(status);
    }
}
