package io.tocsin.lab.smsc;

import io.tocsin.lab.people.SmsPeople;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * How the simulated carrier behaves. Built with {@link #builder()}; can be replaced while it runs, but for the port.
 *
 * @param port where to listen, 0 for a free one
 * @param systemId the account that may bind, and those whose names begin with it and a dash: {@code tocsin-2}. Each gets the
 *     receipts and replies of its own messages
 * @param password their password
 * @param latency from submit to response
 * @param receiptDelay from response to receipt
 * @param receiptBeforeResponse sends the receipt just before the response, as hurried carriers do
 * @param undeliverableRate share of messages that end UNDELIV, 0 to 1
 * @param expiredRate share that end EXPIRED
 * @param rejectedRate share that end REJECTD
 * @param fateBySuffix fate of the numbers that end so; goes before the rates
 * @param maxPerSecond submits a second before ESME_RTHROTTLED; 0 for no limit
 * @param refusedPrefixes numbers that begin so (with a plus if international) get ESME_RINVDSTADR
 * @param dropRate share of submits on which the connection is dropped, half before and half after taking the message
 * @param responseIds how ids are written in responses
 * @param receiptIds how ids are written in receipts
 * @param people who replies
 * @param recordMessages keeps every message; otherwise only counts per destination
 * @param seed the seed of every throw of dice
 * @param deliverWindow receipts and replies unanswered at once on one bind
 * @param redeliverAfter how long after a refused deliver_sm it is sent again
 * @param odd what it does that SMPP does not foresee
 * @param oddEvery to every how many-th submit, or receipt; 1 for each
 * @param firstId the first message id, 0 for one that does not come again after a restart
 * @param tls listens with TLS, if there is one
 * @param referenceTag tag of the TLV that carries the sender's reference, and echoes it in receipts; 0 for none
 */
public record SmscOptions(
        int port,
        String systemId,
        String password,
        Duration latency,
        Duration receiptDelay,
        boolean receiptBeforeResponse,
        double undeliverableRate,
        double expiredRate,
        double rejectedRate,
        Map<String, Fate> fateBySuffix,
        int maxPerSecond,
        List<String> refusedPrefixes,
        double dropRate,
        IdFormat responseIds,
        IdFormat receiptIds,
        SmsPeople people,
        boolean recordMessages,
        long seed,
        int deliverWindow,
        Duration redeliverAfter,
        int referenceTag,
        Set<Oddity> odd,
        int oddEvery,
        long firstId,
        Optional<SSLContext> tls) {

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.port = port;
        b.systemId = systemId;
        b.password = password;
        b.latency = latency;
        b.receiptDelay = receiptDelay;
        b.receiptBeforeResponse = receiptBeforeResponse;
        b.undeliverableRate = undeliverableRate;
        b.expiredRate = expiredRate;
        b.rejectedRate = rejectedRate;
        b.fateBySuffix = fateBySuffix;
        b.maxPerSecond = maxPerSecond;
        b.refusedPrefixes = refusedPrefixes;
        b.dropRate = dropRate;
        b.responseIds = responseIds;
        b.receiptIds = receiptIds;
        b.people = people;
        b.recordMessages = recordMessages;
        b.seed = seed;
        b.deliverWindow = deliverWindow;
        b.redeliverAfter = redeliverAfter;
        b.referenceTag = referenceTag;
        b.odd = odd;
        b.oddEvery = oddEvery;
        b.firstId = firstId;
        b.tls = tls;
        return b;
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "SmscOptions[" + systemId + ", port " + port + "]";
    }

    /** Starts as a carrier that takes everything at once, delivers everything and has silent people. */
    public static final class Builder {
        private int port;
        private String systemId = "tocsin";
        private String password = "tocsin";
        private Duration latency = Duration.ZERO;
        private Duration receiptDelay = Duration.ZERO;
        private boolean receiptBeforeResponse;
        private double undeliverableRate;
        private double expiredRate;
        private double rejectedRate;
        private Map<String, Fate> fateBySuffix = Map.of();
        private int maxPerSecond;
        private List<String> refusedPrefixes = List.of();
        private double dropRate;
        private IdFormat responseIds = IdFormat.DECIMAL;
        private IdFormat receiptIds = IdFormat.DECIMAL;
        private SmsPeople people = SmsPeople.silent();
        private boolean recordMessages = true;
        private long seed = 1;
        private int deliverWindow = 500;
        private Duration redeliverAfter = Duration.ofMillis(500);
        private int referenceTag = 0x1400;
        private Set<Oddity> odd = Set.of();
        private int oddEvery = 1;
        private long firstId;
        private Optional<SSLContext> tls = Optional.empty();

        private Builder() {}

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder account(String id, String secret) {
            systemId = id;
            password = secret;
            return this;
        }

        public Builder latency(Duration value) {
            latency = value;
            return this;
        }

        public Builder receiptDelay(Duration value) {
            receiptDelay = value;
            return this;
        }

        public Builder receiptBeforeResponse(boolean value) {
            receiptBeforeResponse = value;
            return this;
        }

        /** Shares of messages that end undeliverable, expired and rejected; together at most 1. */
        public Builder failureRates(double undeliverable, double expired, double rejected) {
            undeliverableRate = undeliverable;
            expiredRate = expired;
            rejectedRate = rejected;
            return this;
        }

        public Builder fateBySuffix(Map<String, Fate> value) {
            fateBySuffix = Map.copyOf(value);
            return this;
        }

        public Builder maxPerSecond(int value) {
            maxPerSecond = value;
            return this;
        }

        public Builder refusedPrefixes(List<String> value) {
            refusedPrefixes = List.copyOf(value);
            return this;
        }

        public Builder dropRate(double value) {
            dropRate = value;
            return this;
        }

        public Builder ids(IdFormat inResponses, IdFormat inReceipts) {
            responseIds = inResponses;
            receiptIds = inReceipts;
            return this;
        }

        public Builder people(SmsPeople value) {
            people = value;
            return this;
        }

        public Builder recordMessages(boolean value) {
            recordMessages = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder deliverWindow(int value) {
            deliverWindow = value;
            return this;
        }

        public Builder redeliverAfter(Duration value) {
            redeliverAfter = value;
            return this;
        }

        public Builder referenceTag(int value) {
            referenceTag = value;
            return this;
        }

        /** What it does that SMPP does not foresee, to every submit or receipt unless {@link #oddEvery} says less. */
        public Builder odd(Oddity... value) {
            odd = Set.of(value);
            return this;
        }

        public Builder oddEvery(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("odd-every: " + value + " is less than 1");
            }
            oddEvery = value;
            return this;
        }

        public Builder firstId(long value) {
            firstId = value;
            return this;
        }

        public Builder tls(SSLContext value) {
            tls = Optional.of(value);
            return this;
        }

        public SmscOptions build() {
            return new SmscOptions(
                    port,
                    systemId,
                    password,
                    latency,
                    receiptDelay,
                    receiptBeforeResponse,
                    undeliverableRate,
                    expiredRate,
                    rejectedRate,
                    fateBySuffix,
                    maxPerSecond,
                    refusedPrefixes,
                    dropRate,
                    responseIds,
                    receiptIds,
                    people,
                    recordMessages,
                    seed,
                    deliverWindow,
                    redeliverAfter,
                    referenceTag,
                    odd,
                    oddEvery,
                    firstId,
                    tls);
        }
    }
}
