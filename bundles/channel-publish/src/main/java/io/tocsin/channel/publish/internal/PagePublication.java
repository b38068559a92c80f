package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.io.IOException;
import java.time.Duration;

/** Puts a message on a page, durably: once more changes nothing. */
final class PagePublication extends Pending {
    static final String OUTLET = "the folder of public pages";

    private final PageFile page;
    private final Entry entry;
    private final int most;
    private final Retry notWritten;
    private final AccountHealth health;

    /** @param notWritten what becomes of it when it cannot be written just now */
    PagePublication(PageFile page, Entry entry, int most, Retry notWritten, AccountHealth health) {
        this.page = page;
        this.entry = entry;
        this.most = most;
        this.notWritten = notWritten;
        this.health = health;
    }

    @Override
    public void run() {
        if (!leave()) {
            return;
        }
        try {
            page.put(entry, most);
            health.up(OUTLET);
            outcome.complete(new Accepted(entry.id()));
        } catch (PageFile.BusyException busy) {
            outcome.complete(new Retry("page-busy", Duration.ofSeconds(1), Scope.MESSAGE));
        } catch (IOException e) {
            health.down(OUTLET, notWritable(e));
            outcome.complete(notWritten);
        }
    }

    /** Follows the outlet's name. */
    static String notWritable(IOException failure) {
        return "cannot be written to (" + failure.getClass().getSimpleName()
                + "): check its disk's space, and that the node may write there";
    }
}
