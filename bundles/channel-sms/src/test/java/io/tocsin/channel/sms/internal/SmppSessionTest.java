package io.tocsin.channel.sms.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.sms.internal.Oddities.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.util.DefaultComposer;
import org.junit.jupiter.api.Test;

/** One session without a network: what is certain and what is in doubt, to the octet. */
class SmppSessionTest {
    private static final DefaultComposer COMPOSER = new DefaultComposer();

    private final Oddities oddities = new Oddities("test", Clock.systemUTC());
    private final Carrier carrier = new Carrier();

    @Test
    void responsesMayComeOctetByOctetAndInAnyOrder() throws Exception {
        bound(Map.of());
        Submission one = submit(1);
        Submission two = submit(2);
        for (byte octet : COMPOSER.submitSmResp(3, "b")) {
            carrier.says(new byte[] {octet});
        }
        carrier.says(COMPOSER.submitSmResp(2, "a"));
        assertThat(carrier.ids).containsExactly("ref-2=b", "ref-1=a");
        assertThat(one.outcome()).isEmpty();
        assertThat(two.outcome()).isEmpty();
    }

    @Test
    void whatWasNotGivenToTheSocketIsCertainlyNotSent() throws Exception {
        bound(Map.of());
        Submission written = submit(1);
        carrier.session.flush();
        Submission notWritten = submit(2);
        carrier.channel.close();
        assertThat(written.outcome()).contains(new SendOutcome.InDoubt("connection-lost"));
        assertThat(notWritten.outcome()).hasValueSatisfying(outcome -> assertThat(((SendOutcome.Retry) outcome).code())
                .isEqualTo("not-bound"));
    }

    @Test
    void nackedSubmitWasNotActedOn() throws Exception {
        bound(Map.of());
        Submission one = submit(1);
        carrier.says(COMPOSER.genericNack(SMPPConstant.STAT_ESME_RTHROTTLED, 2));
        assertThat(one.outcome()).hasValueSatisfying(outcome -> assertThat(((SendOutcome.Retry) outcome).code())
                .isEqualTo("throttled"));
    }

    @Test
    void carrierThatNoLongerAnswersEnquireLinkIsLeft() throws Exception {
        bound(Map.of());
        Submission one = submit(1);
        carrier.session.flush();
        carrier.heard();
        carrier.channel.pipeline().fireUserEventTriggered(IdleStateEvent.READER_IDLE_STATE_EVENT);
        assertThat(carrier.heard()).containsExactly(SMPPConstant.CID_ENQUIRE_LINK);
        carrier.says(COMPOSER.enquireLinkResp(3));
        carrier.channel.pipeline().fireUserEventTriggered(IdleStateEvent.READER_IDLE_STATE_EVENT);
        assertThat(carrier.channel.isActive()).isTrue();
        carrier.channel.pipeline().fireUserEventTriggered(IdleStateEvent.READER_IDLE_STATE_EVENT);
        assertThat(carrier.channel.isActive()).isFalse();
        assertThat(carrier.closed).containsExactly("the carrier no longer answers enquire_link");
        assertThat(one.outcome()).contains(new SendOutcome.InDoubt("connection-lost"));
    }

    @Test
    void carrierThatUnbindsMayFirstAnswerWhatItHas() throws Exception {
        bound(Map.of());
        submit(1);
        carrier.session.flush();
        carrier.heard();
        carrier.says(COMPOSER.unbind(77));
        assertThat(carrier.session.hasRoom(10))
                .as("nothing more is given to it")
                .isFalse();
        assertThat(carrier.heard()).isEmpty();
        carrier.says(COMPOSER.submitSmResp(2, "a"));
        assertThat(carrier.ids).containsExactly("ref-1=a");
        assertThat(carrier.heard()).containsExactly(SMPPConstant.CID_UNBIND_RESP);
        assertThat(carrier.closed).containsExactly("unbound by the carrier");
    }

    @Test
    void fullReceiveWindowStopsReadingUntilTheCoreHasHalfOfIt() throws Exception {
        bound(Map.of("receive-window", "4"));
        for (int n = 1; n <= 4; n++) {
            carrier.says(deliver(n));
        }
        assertThat(carrier.channel.config().isAutoRead()).isFalse();
        carrier.answers.get(0).accept(0);
        assertThat(carrier.channel.config().isAutoRead()).isFalse();
        carrier.answers.get(1).accept(0);
        carrier.channel.runPendingTasks();
        assertThat(carrier.channel.config().isAutoRead()).isTrue();
        assertThat(carrier.heard()).containsExactly(SMPPConstant.CID_DELIVER_SM_RESP, SMPPConstant.CID_DELIVER_SM_RESP);
    }

    @Test
    void deliveryTheCoreDoesNotTakeInTimeIsToComeAgain() throws Exception {
        bound(Map.of());
        carrier.says(deliver(9));
        carrier.heard();
        carrier.session.giveUpOverdue(System.nanoTime() + DeliverReceiver.LIMIT.toNanos() + 1);
        assertThat(carrier.statuses()).containsExactly(SMPPConstant.STAT_ESME_RX_T_APPN);
        carrier.answers.get(0).accept(0);
        carrier.channel.runPendingTasks();
        assertThat(carrier.heard()).as("answered once").isEmpty();
    }

    @Test
    void idsLongerThanAnyOrWithoutTheirEndAreTakenAsFarAsTheyGo() throws Exception {
        bound(Map.of());
        submit(1);
        submit(2);
        carrier.says(response(2, "x".repeat(60_000) + '\0'));
        carrier.says(response(3, "abc"));
        assertThat(carrier.ids).containsExactly("ref-1=" + "x".repeat(255), "ref-2=abc");
        assertThat(oddities.count(Kind.TRUNCATED_RESPONSE)).isEqualTo(2);
    }

    /** Whatever a carrier sends: nothing is thrown, and each submit ends once, as accepted, refused, in doubt or not sent. */
    @Test
    void noiseBreaksNothing() throws Exception {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Carrier mad = new Carrier();
            mad.open(settings(Map.of()));
            List<Submission> sent = new ArrayList<>();
            Map<String, Integer> ends = new HashMap<>();
            for (int n = 1; n <= 20; n++) {
                Submission one = submission(n);
                one.deadline(System.nanoTime());
                one.whenDone(() -> ends.merge(one.reference(), 1, Integer::sum));
                mad.session.submit(one);
                sent.add(one);
            }
            mad.session.flush();
            for (int i = 0; i < 30 && mad.channel.isActive(); i++) {
                mad.says(noise(random));
            }
            mad.session.giveUpOverdue(System.nanoTime() + 1);
            mad.channel.close();
            mad.channel.checkException();
            assertThat(mad.closed).as("seed " + seed).hasSize(1);
            for (Submission one : sent) {
                int answered = mad.ids.stream().anyMatch(id -> id.startsWith(one.reference() + "=")) ? 1 : 0;
                assertThat(ends.getOrDefault(one.reference(), 0) + answered)
                        .as("seed %d, %s", seed, one)
                        .isEqualTo(1);
            }
            mad.channel.releaseInbound();
            mad.channel.releaseOutbound();
        }
    }

    private static byte[] noise(Random random) {
        int[] commands = {
            SMPPConstant.CID_SUBMIT_SM_RESP,
            SMPPConstant.CID_DELIVER_SM,
            SMPPConstant.CID_GENERIC_NACK,
            SMPPConstant.CID_ENQUIRE_LINK,
            SMPPConstant.CID_DATA_SM,
            SMPPConstant.CID_BIND_TRANSMITTER_RESP,
            SMPPConstant.CID_ALERT_NOTIFICATION,
            random.nextInt()
        };
        byte[] body = new byte[random.nextInt(80)];
        random.nextBytes(body);
        int length = 16 + body.length;
        ByteBuf pdu = Unpooled.buffer();
        pdu.writeInt(random.nextInt(40) == 0 ? random.nextInt() : length);
        pdu.writeInt(commands[random.nextInt(commands.length)]);
        pdu.writeInt(random.nextInt(3) == 0 ? random.nextInt() : 0);
        pdu.writeInt(random.nextInt(4) == 0 ? random.nextInt() : 1 + random.nextInt(25));
        pdu.writeBytes(body);
        byte[] octets = new byte[random.nextInt(10) == 0 ? random.nextInt(length) : length];
        pdu.getBytes(0, octets);
        return octets;
    }

    private void bound(Map<String, String> more) throws Exception {
        carrier.open(settings(more));
    }

    private Submission submit(int n) throws Exception {
        Submission one = submission(n);
        one.deadline(Long.MAX_VALUE);
        carrier.session.submit(one);
        return one;
    }

    private static Submission submission(int n) throws Exception {
        return new Submission(
                "ref-" + n,
                new Submission.Common(
                        SmsSender.CARRIERS,
                        "3363998%04d".formatted(n),
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        null,
                        Optional.empty()),
                List.of(new byte[] {0x41}));
    }

    private static byte[] deliver(int sequence) throws Exception {
        return COMPOSER.deliverSm(
                sequence,
                "",
                (byte) 1,
                (byte) 1,
                "33639980001",
                (byte) 0,
                (byte) 0,
                "38000",
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                new byte[] {0x41});
    }

    private static byte[] response(int sequence, String body) {
        ByteBuf pdu = Unpooled.buffer();
        pdu.writeInt(16 + body.length());
        pdu.writeInt(SMPPConstant.CID_SUBMIT_SM_RESP);
        pdu.writeInt(0);
        pdu.writeInt(sequence);
        pdu.writeBytes(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        byte[] octets = new byte[pdu.readableBytes()];
        pdu.readBytes(octets);
        return octets;
    }

    private static SmsSettings settings(Map<String, String> more) throws Exception {
        Map<String, String> settings =
                new HashMap<>(Map.of("host", "127.0.0.1", "system-id", "town", "password", "hush"));
        settings.putAll(more);
        return SmsSettings.of(new ChannelAccount("test", settings));
    }

    /** The other end, and the owner of this one. */
    private final class Carrier implements SmppSession.Owner {
        private final List<String> ids = new ArrayList<>();
        private final List<String> closed = new ArrayList<>();
        private final List<IntConsumer> answers = new ArrayList<>();
        private SmppSession session;
        private EmbeddedChannel channel;

        private void open(SmsSettings settings) throws Exception {
            session = new SmppSession("bind", settings, oddities, this);
            channel = new EmbeddedChannel(new PduFramer(session), session);
            session.bind(
                    SMPPConstant.CID_BIND_TRANSMITTER,
                    COMPOSER.bind(
                            SMPPConstant.CID_BIND_TRANSMITTER,
                            1,
                            "town",
                            "hush",
                            "",
                            (byte) 0x34,
                            (byte) 0,
                            (byte) 0,
                            ""),
                    1);
            says(COMPOSER.bindResp(SMPPConstant.CID_BIND_TRANSMITTER_RESP, 1, "carrier"));
            assertThat(session.isUp()).isTrue();
            heard();
        }

        private void says(byte[] octets) {
            channel.writeInbound(Unpooled.wrappedBuffer(octets));
        }

        /** The commands it was sent since it was last asked. */
        private List<Integer> heard() {
            return headers(4);
        }

        private List<Integer> statuses() {
            return headers(8);
        }

        private List<Integer> headers(int at) {
            List<Integer> read = new ArrayList<>();
            for (ByteBuf pdu = channel.readOutbound(); pdu != null; pdu = channel.readOutbound()) {
                read.add(pdu.getInt(at));
                pdu.release();
            }
            return read;
        }

        @Override
        public void bindAnswered(int status) {
            assertThat(status).isZero();
        }

        @Override
        public void answered(Submission submission, int status, String id) {
            ids.add(submission.reference() + "=" + id);
        }

        @Override
        public void answeredLate(PendingSubmits.Late submission, int status, String id) {
            ids.add("late " + submission.reference() + "=" + id);
        }

        @Override
        public void ended(Submission submission, SendOutcome outcome) {
            submission.end(outcome);
        }

        @Override
        public void deliver(DeliverSm deliver, IntConsumer answer) {
            answers.add(answer);
        }

        @Override
        public void readAll() {}

        @Override
        public void closed(String why) {
            closed.add(why);
        }
    }
}
