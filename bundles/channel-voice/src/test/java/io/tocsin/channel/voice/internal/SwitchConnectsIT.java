package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.Phones;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real switch that the node cannot reach connects to the node. */
class SwitchConnectsIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path sounds;

    @Test
    void callsGoTheSameWay() throws Exception {
        Given given = new Given(sounds);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        RecordingEvents events = new RecordingEvents();
        try (Phones phones = Phones.builder()
                        .phone("0639980001", Phone.answers().presses(Duration.ofSeconds(1), "1"))
                        .start();
                Asterisk asterisk = Asterisk.builder()
                        .trunk("carrier", phones.address())
                        .ariUser("tocsin", Given.SECRET)
                        .outboundWebSocket("alerts", URI.create("ws://127.0.0.1:" + port + "/ari"), "tocsin")
                        .config("websocket_client.conf", "username = tocsin\npassword = " + Given.SECRET + "\n")
                        .start()) {
            Map<String, String> settings = new HashMap<>(Given.settings(asterisk, Map.of("switch-connects", "alerts")));
            settings.put("port", String.valueOf(port));
            try (Channel channel = new VoiceChannelProvider().open(new ChannelAccount("connected", settings), events)) {
                await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
                SendOutcome outcome = channel.send(
                                Given.message("call", "+33639980001", given.asking(AnsweringMachine.IGNORE)))
                        .toCompletableFuture()
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(outcome).isEqualTo(new SendOutcome.Accepted("call"));
                assertThat(events.inbound()).extracting(InboundMessage::text).containsExactly("1");
            }
        }
    }
}
