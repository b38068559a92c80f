package io.tocsin.rest.internal.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.rest.internal.problems.Problem;
import jakarta.ws.rs.WebApplicationException;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AskedTest {
    private static String refused(ThrowingCallable asked) {
        WebApplicationException refused = catchThrowableOfType(WebApplicationException.class, asked);
        return ((Problem) refused.getResponse().getEntity()).detail();
    }

    @Test
    void whatIsBlankAsksForNothing() {
        assertThat(Asked.text(null)).isEmpty();
        assertThat(Asked.text("  ")).isEmpty();
        assertThat(Asked.time("from", "")).isEmpty();
        assertThat(Asked.bool("drill", null)).isEmpty();
        assertThat(Asked.newest(null)).isFalse();
    }

    @Test
    void whatIsAskedIsUnderstood() {
        assertThat(Asked.text(" maire ")).contains("maire");
        assertThat(Asked.time("from", "2026-11-22T18:00:00Z")).contains(Instant.parse("2026-11-22T18:00:00Z"));
        assertThat(Asked.bool("drill", "false")).contains(false);
        assertThat(Asked.newest("newest")).isTrue();
    }

    @Test
    void whatCannotBeUnderstoodIsNamedWithTheCure() {
        assertThat(refused(() -> Asked.time("from", "hier"))).isEqualTo("from: is no time; write 2026-01-31T08:00:00Z");
        assertThat(refused(() -> Asked.bool("drill", "oui"))).isEqualTo("drill: is wrong; write true or false");
        assertThat(refused(() -> Asked.newest("last"))).isEqualTo("order: is wrong; write newest or oldest");
    }
}
