package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.PersonalMessages;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renders one person's message by the class that renders it for dispatch, from the same frozen rows. */
@Component(service = PersonalMessages.class)
public final class RenderedAgain implements PersonalMessages {
    private static final Logger LOG = LoggerFactory.getLogger(RenderedAgain.class);

    private final Database database;
    private final AlertTexts texts;

    @Activate
    public RenderedAgain(
            @Reference Database database,
            @Reference AnswerLinks links,
            @Reference SpokenCalls calls,
            @Reference AlertDocuments documents) {
        this.database = database;
        this.texts = new AlertTexts(new JdbcLedger(database), links, new Media(calls, documents));
    }

    @Override
    public Optional<OutboundMessage> message(int tenantId, long alertId, int recipientNo, String channel) {
        Optional<Intent> intent = database.inTenant(tenantId, c -> intent(c, tenantId, alertId, recipientNo, channel));
        try {
            return intent.map(present -> texts.of(tenantId, alertId).render(channel, present));
        } catch (IllegalArgumentException | NoSuchElementException notSaid) {
            // No text for the channel, none for this person, nobody to speak it: dispatch says so too, when it is their
            // turn.
            LOG.warn("alert.not-rendered tenant={} alert={} channel={}", tenantId, alertId, channel, notSaid);
            return Optional.empty();
        }
    }

    /** The latest target of this person by this channel; before there is one, the person alone. */
    private static Optional<Intent> intent(
            Connection connection, int tenantId, long alertId, int recipientNo, String channel) throws SQLException {
        String find =
                """
                select r.name, r.language, r.variables::text, coalesce(t.wave_no, 0), coalesce(t."position", 0),
                    coalesce(t.root_wave, 0), coalesce(t.address, '')
                from recipient r
                left join lateral (
                    select x.wave_no, x."position", x.address, w.root_wave
                    from target x
                    join wave w on w.tenant_id = x.tenant_id and w.alert_id = x.alert_id and w.wave_no = x.wave_no
                    where x.tenant_id = r.tenant_id and x.alert_id = r.alert_id and x.recipient_no = r.recipient_no
                      and w.channel = ?
                    order by x.wave_no desc limit 1) t on true
                where r.tenant_id = ? and r.alert_id = ? and r.recipient_no = ?
                """;
        try (PreparedStatement query = connection.prepareStatement(find)) {
            query.setString(1, channel);
            query.setInt(2, tenantId);
            query.setLong(3, alertId);
            query.setInt(4, recipientNo);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Intent(
                                new TargetRef(tenantId, alertId, row.getInt(4), row.getInt(5)),
                                null,
                                row.getInt(6),
                                recipientNo,
                                row.getString(7),
                                false,
                                1,
                                Category.INFORMATION,
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                false))
                        : Optional.empty();
            }
        }
    }
}
