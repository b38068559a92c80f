package io.tocsin.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OriginsTest {

    @Test
    void believesNobodyUnlessToldTo() {
        assertThat(origin(new Origins(), "192.0.2.1", "203.0.113.9")).isEqualTo("192.0.2.1");
        assertThat(origin(new Origins("198.51.100.7"), "192.0.2.1", "203.0.113.9"))
                .isEqualTo("192.0.2.1");
        assertThat(origin(new Origins("127.0.0.1"), "127.0.0.1")).isEqualTo("127.0.0.1");
    }

    @Test
    void takesTheLastAddressThatIsNoProxyOfOurs() {
        Origins origins = new Origins("127.0.0.1, 10.1.0.0/16", "fd00::/8");

        assertThat(origin(origins, "127.0.0.1", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(origin(origins, "127.0.0.1", "198.51.100.1, 203.0.113.9, 10.1.2.3"))
                .as("what comes before the stranger, the stranger wrote")
                .isEqualTo("203.0.113.9");
        assertThat(origin(origins, "10.1.255.255", "198.51.100.1", "203.0.113.9:4711"))
                .isEqualTo("203.0.113.9");
        assertThat(origin(origins, "10.2.0.1", "203.0.113.9")).isEqualTo("10.2.0.1");
        assertThat(origin(origins, "fd00:0:0:0:0:0:0:7", "[2001:db8::5]:443")).isEqualTo("2001:db8:0:0:0:0:0:5");
        assertThat(origin(origins, "127.0.0.1", "10.1.0.1, 10.1.0.2")).isEqualTo("10.1.0.1");
    }

    @Test
    void whatIsNoAddressIsNotBelieved() {
        Origins origins = new Origins("127.0.0.1");

        for (String written : List.of("unknown", "", "mairie.example", "256.1.1.1", "1.2.3", "<script>", "1.2.3.4/8")) {
            assertThat(origin(origins, "127.0.0.1", written)).as(written).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aProxyThatCannotBeReadIsNotTrusted() {
        for (String written :
                List.of("localhost", "127.0.0.1/33", "127.0.0.1/-1", "127.0.0.1/x", "*", "10.0.0.0/", "")) {
            assertThat(origin(new Origins(written), "127.0.0.1", "203.0.113.9"))
                    .as(written)
                    .isEqualTo("127.0.0.1");
        }
        assertThat(origin(new Origins("0.0.0.0/0"), "192.0.2.1", "203.0.113.9")).isEqualTo("203.0.113.9");
    }

    private static String origin(Origins origins, String peer, String... forwarded) {
        return origins.of((HttpServletRequest) Proxy.newProxyInstance(
                OriginsTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (self, method, arguments) ->
                        method.getName().equals("getRemoteAddr") ? peer : Collections.enumeration(List.of(forwarded))));
    }
}
