package io.tocsin.channel.testkit.pager;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/** What any channel must do: the cases come with the testkit, the carrier's side from here. */
class PagerContractTest extends ChannelContract {
    @Override
    protected ChannelProvider provider() {
        return new PagerProvider();
    }

    @Override
    protected CarrierPeer startPeer() throws IOException {
        return PagerPeer.start();
    }

    @Override
    protected String address(int n) {
        return "+3363998%04d".formatted(n);
    }

    @Override
    protected Optional<Class<?>> definition() {
        return Optional.of(PagerAccount.class);
    }

    @Override
    protected Stream<BadSetting> badSettings() {
        return Stream.empty();
    }
}
