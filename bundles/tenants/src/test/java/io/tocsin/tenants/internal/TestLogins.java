package io.tocsin.tenants.internal;

import java.util.List;
import java.util.Map;

/** Logins as the SMS channel marks them, without the channel. */
public final class TestLogins {
    private TestLogins() {}

    public static CarrierLogins ofSms() {
        CarrierLogins logins = new CarrierLogins(Map.of("lab.sms.port", "12775"), n -> null);
        logins.says("sms", List.of("host", "port=2775", "system-id"));
        return logins;
    }
}
