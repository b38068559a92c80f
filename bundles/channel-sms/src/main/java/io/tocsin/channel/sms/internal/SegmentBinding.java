package io.tocsin.channel.sms.internal;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.smpp.SmppBinding;
import org.apache.camel.component.smpp.SmppCommand;
import org.apache.camel.component.smpp.SmppConfiguration;
import org.apache.camel.component.smpp.SmppException;
import org.apache.camel.component.smpp.SmppMessage;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.AlertNotification;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.session.SMPPSession;
import org.jsmpp.session.SubmitSmResult;

/**
 * Carries our {@link Segment}s through camel-smpp as they are, in both directions without a header.
 *
 * <p>camel-smpp's own command splits a long body by itself and submits its parts in a row: when part k fails, the ids of
 * the parts before it are lost with the exception, and a retry would send those again. Here each segment is an exchange
 * of its own. And what comes from the carrier stays in the PDU, so that no stranger can set a Camel header.
 */
final class SegmentBinding extends SmppBinding {

    SegmentBinding(SmppConfiguration configuration) {
        super(configuration);
    }

    @Override
    public SmppCommand createSmppCommand(SMPPSession session, Exchange exchange) {
        return submitted -> submit(session, submitted.getIn().getBody(Segment.class));
    }

    @Override
    public SmppMessage createSmppMessage(CamelContext context, DeliverSm deliver) {
        return new SmppMessage(context, deliver, getConfiguration());
    }

    @Override
    public SmppMessage createSmppMessage(CamelContext context, DataSm data, String id) {
        return new SmppMessage(context, data, getConfiguration());
    }

    @Override
    public SmppMessage createSmppMessage(CamelContext context, AlertNotification alert) {
        return new SmppMessage(context, alert, getConfiguration());
    }

    private static void submit(SMPPSession session, Segment segment) throws SmppException {
        Segment.Common common = segment.common();
        OptionalParameter[] parameters = common.reference()
                .map(tlv -> new OptionalParameter[] {new OptionalParameter.OctetString(tlv.tag(), tlv.text())})
                .orElseGet(() -> new OptionalParameter[0]);
        if (!session.getSessionState().isTransmittable()) {
            return;
        }
        segment.handedOver();
        try {
            SubmitSmResult result = session.submitShortMessage(
                    "",
                    TypeOfNumber.valueOf(common.sender().typeOfNumber()),
                    NumberingPlanIndicator.valueOf(common.sender().numberingPlan()),
                    common.sender().address(),
                    TypeOfNumber.INTERNATIONAL,
                    NumberingPlanIndicator.ISDN,
                    common.destination(),
                    new ESMClass(common.esmClass()),
                    (byte) 0,
                    common.priority(),
                    null,
                    common.validity(),
                    new RegisteredDelivery((byte) 1),
                    (byte) 0,
                    DataCodings.newInstance(common.dataCoding()),
                    (byte) 0,
                    segment.octets(),
                    parameters);
            segment.accepted(result.getMessageId());
        } catch (PDUException
                | ResponseTimeoutException
                | InvalidResponseException
                | NegativeResponseException
                | java.io.IOException e) {
            throw new SmppException(e);
        }
    }
}
