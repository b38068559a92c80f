package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a lease may end, and how far it is intended. */
class HeldBatchTest {
    private final HeldBatch batch =
            new HeldBatch(new HeldBatch.Key(1, 1, 1, 0), "sms", Category.OPERATIONAL, 1, 0, 10, List.of(), 100);

    private void intend(int most) {
        assertThat(batch.beginIntent()).isTrue();
        batch.promise(most);
        batch.intended();
        batch.endIntent();
    }

    @Test
    void givenUpWhileItsNextIntentIsOnItsWayItEndsAfterThatOnly() {
        assertThat(batch.beginIntent()).isTrue();
        batch.promise(4);
        assertThat(batch.finish()).as("four may be about to leave").isFalse();
        batch.intended();
        assertThat(batch.endIntent()).as("four left and are not recorded").isFalse();
        assertThat(batch.endsWith(4)).isTrue();
        assertThat(batch.beginIntent()).as("given up").isFalse();
    }

    @Test
    void givenUpWhileAnIntentFailsItEndsWithIt() {
        assertThat(batch.beginIntent()).isTrue();
        batch.promise(4);
        assertThat(batch.finish()).isFalse();
        assertThat(batch.endIntent()).isTrue();
        assertThat(batch.watermark()).as("nothing of it left").isZero();
    }

    @Test
    void anIntentThatFailedIsMadeAgainAsItWas() {
        assertThat(batch.beginIntent()).isTrue();
        assertThat(batch.promise(4)).isEqualTo(4);
        batch.endIntent();
        assertThat(batch.beginIntent()).isTrue();
        assertThat(batch.promise(2)).isEqualTo(4);
    }

    @Test
    void itEndsWithTheLastThingThereIsToKnow() {
        intend(10);
        assertThat(batch.endsWith(9)).isFalse();
        batch.recorded(7);
        assertThat(batch.endsWith(3)).isTrue();
    }

    @Test
    void itIsSurelyOursAsLongAsItsLeaseWasAskedFor() {
        assertThat(batch.surelyOurs(99)).isTrue();
        assertThat(batch.surelyOurs(100)).isFalse();
        batch.prolonged(200);
        batch.prolonged(150);
        assertThat(batch.surelyOurs(199)).isTrue();
    }
}
