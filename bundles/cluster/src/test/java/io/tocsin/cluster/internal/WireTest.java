package io.tocsin.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.internal.Wire.HintRecord;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Releases beside each other, and strangers' classes. */
class WireTest {

    /** A hint as a later release may write it: one field more, and kinds this one does not know. */
    record NextHint(String kind, int tenantId, long alertId, String from, String urgency) {}

    private static final class NextSerializer implements CompactSerializer<NextHint> {
        @Override
        public NextHint read(CompactReader in) {
            return new NextHint(
                    in.readString("kind"),
                    in.readInt32("tenantId"),
                    in.readInt64("alertId"),
                    in.readString("from"),
                    in.getFieldKind("urgency") == com.hazelcast.nio.serialization.FieldKind.STRING
                            ? in.readString("urgency")
                            : "unsaid");
        }

        @Override
        public void write(CompactWriter out, NextHint hint) {
            out.writeString("kind", hint.kind);
            out.writeInt32("tenantId", hint.tenantId);
            out.writeInt64("alertId", hint.alertId);
            out.writeString("from", hint.from);
            out.writeString("urgency", hint.urgency);
        }

        @Override
        public String getTypeName() {
            return new Wire.HintSerializer().getTypeName();
        }

        @Override
        public Class<NextHint> getCompactClass() {
            return NextHint.class;
        }
    }

    @Test
    void aHintOfTheNextReleaseIsUnderstoodAndItUnderstandsOurs() {
        Endpoint north = Places.free();
        Endpoint south = Places.free();
        Queue<Hint> heard = new ConcurrentLinkedQueue<>();
        Config next = HazelcastConfig.of(Places.place("tocsin-test", Protocol.CURRENT + 1, "lille", south, north));
        SerializationConfig serialization = next.getSerializationConfig();
        serialization.setCompactSerializationConfig(new com.hazelcast.config.CompactSerializationConfig()
                .addSerializer(new NextSerializer())
                .addSerializer(new Wire.FactsSerializer()));
        try (Membership ours = Membership.join(Places.place("lyon", north, south), heard::add, () -> {})) {
            HazelcastInstance theirs = Hazelcast.newHazelcastInstance(next);
            try {
                Queue<Object> understood = new ConcurrentLinkedQueue<>();
                theirs.<Object>getTopic(HazelcastConfig.HINTS)
                        .addMessageListener(message -> understood.add(message.getMessageObject()));
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> ours.present().contains(south));

                theirs.getTopic(HazelcastConfig.HINTS)
                        .publish(new NextHint("A_KIND_TO_COME", 1, 1, south.toString(), "high"));
                theirs.getTopic(HazelcastConfig.HINTS).publish(new NextHint("WORK", 7, 12, south.toString(), "high"));
                ours.give(Hint.stopped(7, 12));

                await().atMost(Duration.ofSeconds(60)).until(() -> !heard.isEmpty());
                assertThat(heard).containsExactly(Hint.work(7, 12));
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> understood.contains(new NextHint("STOPPED", 7, 12, north.toString(), "unsaid")));
            } finally {
                theirs.shutdown();
            }
        }
    }

    @Test
    void aClassOfAStrangersIsNotMade() {
        HazelcastInstance ours =
                Hazelcast.newHazelcastInstance(HazelcastConfig.of(Places.place("lyon", Places.free())));
        try {
            ours.getMap("strange").put("hint", new HintRecord("WORK", 1, 2, "here"));
            assertThat(ours.getMap("strange").get("hint")).isEqualTo(new HintRecord("WORK", 1, 2, "here"));
            ours.getMap("strange").put("class", new Odd());
            assertThatThrownBy(() -> ours.getMap("strange").get("class"))
                    .isInstanceOf(HazelcastSerializationException.class)
                    .hasRootCauseInstanceOf(SecurityException.class);
            ours.getMap("strange").put("uri", URI.create("http://198.51.100.1/"));
            assertThatThrownBy(() -> ours.getMap("strange").get("uri"))
                    .isInstanceOf(HazelcastSerializationException.class)
                    .hasRootCauseInstanceOf(SecurityException.class);
        } finally {
            ours.shutdown();
        }
    }

    /** By Java's own serialisation, which runs a stranger's code while it reads. */
    private static final class Odd implements java.io.Serializable {
        private static final long serialVersionUID = 1L;
    }
}
