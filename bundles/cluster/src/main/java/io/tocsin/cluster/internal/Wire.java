package io.tocsin.cluster.internal;

import com.hazelcast.nio.serialization.FieldKind;
import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;
import io.tocsin.cluster.api.ClusterStatus.Facts;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.NodeLoad.Account;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What members say to each other, as Hazelcast's compact records: types by a name that stays, fields by name. A record of a
 * newer release with more fields is read without them, one of an older release with what it has; the meaning of a field never
 * changes, it gets another name.
 */
final class Wire {
    private Wire() {}

    /**
     * @param kind a {@link Hint.Kind} by name; one this release does not know is no hint to it
     * @param from the {@link Place#own} of who gave it
     */
    record HintRecord(String kind, int tenantId, long alertId, String from) {
        static HintRecord of(Hint hint, String from) {
            return new HintRecord(hint.kind().name(), hint.tenantId(), hint.alertId(), from);
        }

        Optional<Hint> hint() {
            return Arrays.stream(Hint.Kind.values())
                    .filter(known -> known.name().equals(kind))
                    .findFirst()
                    .map(known -> new Hint(known, tenantId, alertId));
        }
    }

    /** What a member says of itself. @param node its name in the ledger; empty while it does not dispatch */
    record FactsRecord(String node, String site, String version, long incarnation, Facts facts) {}

    /** Of {@link HintRecord}. */
    static final class HintSerializer implements CompactSerializer<HintRecord> {
        @Override
        public HintRecord read(CompactReader in) {
            return new HintRecord(
                    text(in, "kind"),
                    in.getFieldKind("tenantId") == FieldKind.INT32 ? in.readInt32("tenantId") : 0,
                    in.getFieldKind("alertId") == FieldKind.INT64 ? in.readInt64("alertId") : 0,
                    text(in, "from"));
        }

        @Override
        public void write(CompactWriter out, HintRecord hint) {
            out.writeString("kind", hint.kind);
            out.writeInt32("tenantId", hint.tenantId);
            out.writeInt64("alertId", hint.alertId);
            out.writeString("from", hint.from);
        }

        @Override
        public String getTypeName() {
            return "io.tocsin.cluster.hint";
        }

        @Override
        public Class<HintRecord> getCompactClass() {
            return HintRecord.class;
        }
    }

    /** Of {@link FactsRecord}: accounts as one array a column. */
    static final class FactsSerializer implements CompactSerializer<FactsRecord> {
        @Override
        public FactsRecord read(CompactReader in) {
            return new FactsRecord(
                    text(in, "node"),
                    text(in, "site"),
                    text(in, "version"),
                    in.getFieldKind("incarnation") == FieldKind.INT64 ? in.readInt64("incarnation") : 0,
                    new Facts(text(in, "database"), millis(in, "lagMillis"), millis(in, "clockMillis"), accounts(in)));
        }

        private static List<Account> accounts(CompactReader in) {
            int[] ids = in.getFieldKind("accountIds") == FieldKind.ARRAY_OF_INT32
                    ? in.readArrayOfInt32("accountIds")
                    : new int[0];
            List<Account> accounts = new ArrayList<>();
            if (ids == null || ids.length == 0) {
                return accounts;
            }
            String[] names = in.readArrayOfString("accountNames");
            String[] channels = in.readArrayOfString("accountChannels");
            double[] rates = in.readArrayOfFloat64("accountRates");
            int[] inFlight = in.readArrayOfInt32("accountsInFlight");
            for (int i = 0; i < ids.length; i++) {
                accounts.add(new Account(ids[i], names[i], channels[i], rates[i], inFlight[i]));
            }
            return accounts;
        }

        @Override
        public void write(CompactWriter out, FactsRecord node) {
            List<Account> accounts = node.facts.accounts();
            out.writeString("node", node.node);
            out.writeString("site", node.site);
            out.writeString("version", node.version);
            out.writeInt64("incarnation", node.incarnation);
            out.writeString("database", node.facts.database());
            out.writeNullableInt64(
                    "lagMillis", node.facts.lag().map(Duration::toMillis).orElse(null));
            out.writeNullableInt64(
                    "clockMillis",
                    node.facts.clockOffset().map(Duration::toMillis).orElse(null));
            out.writeArrayOfInt32(
                    "accountIds", accounts.stream().mapToInt(Account::accountId).toArray());
            out.writeArrayOfString(
                    "accountNames", accounts.stream().map(Account::name).toArray(String[]::new));
            out.writeArrayOfString(
                    "accountChannels", accounts.stream().map(Account::channel).toArray(String[]::new));
            out.writeArrayOfFloat64(
                    "accountRates",
                    accounts.stream().mapToDouble(Account::ratePerSecond).toArray());
            out.writeArrayOfInt32(
                    "accountsInFlight",
                    accounts.stream().mapToInt(Account::inFlight).toArray());
        }

        @Override
        public String getTypeName() {
            return "io.tocsin.cluster.facts";
        }

        @Override
        public Class<FactsRecord> getCompactClass() {
            return FactsRecord.class;
        }
    }

    private static String text(CompactReader in, String field) {
        String read = in.getFieldKind(field) == FieldKind.STRING ? in.readString(field) : null;
        return read == null ? "" : read;
    }

    private static Optional<Duration> millis(CompactReader in, String field) {
        return in.getFieldKind(field) == FieldKind.NULLABLE_INT64
                ? Optional.ofNullable(in.readNullableInt64(field)).map(Duration::ofMillis)
                : Optional.empty();
    }
}
