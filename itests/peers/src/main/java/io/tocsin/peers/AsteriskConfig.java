package io.tocsin.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of one Asterisk: what every one has, and what its {@link Asterisk.Builder} was told. */
record AsteriskConfig(AsteriskRoot root, Path folder, int sip, int http, int ami, Asterisk.Builder wanted) {

    /** What would listen on ports of its own, looks for a database, or only complains that it has no file. */
    private static final Pattern UNUSED =
            Pattern.compile("(cdr|cel)_.*|.*(odbc|calendar|_hep|stir_shaken|phoneprov|ldap|pgsql|sqlite3|voicemail).*"
                    + "|app_(agent_pool|alarmreceiver|festival|followme)|chan_(console|dahdi|iax2|mgcp|motif|sip|skinny|unistim)|pbx_(ael|dundi|lua)"
                    + "|res_(aeap|clialiases|geolocation|http_media_cache|parking|pjsip_(config_wizard|geolocation|notify)|prometheus|smdi|snmp|statsd|stun_monitor|xmpp)"
                    + "|res_(chan_stats|endpoint_stats|speech_aeap)");

    /** Writes them into {@code folder/etc}. */
    void write() throws IOException {
        Path etc = folder.resolve("etc");
        for (String name : List.of("etc", "run/keys", "spool/recording", "log", "sounds", "fax", "moh")) {
            Files.createDirectories(folder.resolve(name));
        }
        Map<String, String> files = new LinkedHashMap<>();
        files.put("asterisk.conf", asterisk());
        files.put("modules.conf", "[modules]\nautoload = yes\n" + unused());
        for (String empty : List.of("cdr", "cel", "features", "pjproject", "queues", "chan_websocket", "confbridge")) {
            files.put(empty + ".conf", "[general]\n");
        }
        files.put("logger.conf", "[general]\n[logfiles]\nmessages = notice,warning,error,verbose(3)\n");
        files.put(
                "http.conf", "[general]\nenabled = yes\nbindaddr = " + wanted.address + "\nbindport = " + http + "\n");
        // Two at once may share these: who finds a port taken takes the next.
        files.put("rtp.conf", "[general]\nrtpstart = 12000\nrtpend = 19999\nstrictrtp = yes\n");
        files.put("udptl.conf", "[general]\nudptlstart = 20000\nudptlend = 23999\n");
        files.put(
                "res_fax.conf",
                "[general]\nmaxrate = 14400\nminrate = 4800\nstatusevents = yes\nmodems = v17,v27,v29\necm = yes\n");
        files.put("musiconhold.conf", "[default]\nmode = files\ndirectory = " + folder.resolve("moh") + "\n");
        files.put(
                "amd.conf",
                "[general]\ntotal_analysis_time = 5000\ninitial_silence = 2500\ngreeting = 1500\nafter_greeting_silence = 800\n"
                        + "between_words_silence = 50\nmaximum_number_of_words = 3\n");
        files.put("acl.conf", "");
        files.put("manager.conf", manager());
        files.put("ari.conf", ari());
        files.put("websocket_client.conf", sockets());
        files.put("pjsip.conf", pjsip());
        files.put("extensions.conf", dialplan());
        wanted.more.forEach((name, text) -> files.merge(name, text, String::concat));
        for (var file : files.entrySet()) {
            Files.writeString(etc.resolve(file.getKey()), file.getValue());
        }
    }

    private String asterisk() {
        return """
                [directories]
                astetcdir => FOLDER/etc
                astmoddir => MODULES
                astvarlibdir => FOLDER/run
                astdbdir => FOLDER/run
                astkeydir => FOLDER/run
                astdatadir => DATA
                astagidir => FOLDER/run
                astspooldir => FOLDER/spool
                astrundir => FOLDER/run
                astlogdir => FOLDER/log
                [options]
                documentation_language = en
                verbose = 3
                transmit_silence = no
                """
                .replace("FOLDER", folder.toString())
                .replace("MODULES", root.modules().toString())
                .replace("DATA", root.data().toString());
    }

    private String manager() {
        StringBuilder text = new StringBuilder(
                "[general]\nenabled = yes\nwebenabled = no\nbindaddr = " + wanted.address + "\nport = " + ami + "\n");
        wanted.amiUsers.forEach((name, secret) ->
                text.append("[" + name + "]\nsecret = " + secret + "\nread = all\nwrite = all\nwritetimeout = 5000\n"));
        return text.toString();
    }

    private String ari() {
        StringBuilder text = new StringBuilder("[general]\nenabled = yes\npretty = no\n");
        wanted.ariUsers.forEach((name, password) -> text.append(
                "[" + name + "]\ntype = user\nread_only = no\npassword = " + password + "\npassword_format = plain\n"));
        for (Asterisk.OutboundSocket socket : wanted.sockets) {
            text.append("[to-" + socket.app() + "]\ntype = outbound_websocket\nwebsocket_client_id = to-" + socket.app()
                    + "\napps = " + socket.app() + "\nlocal_ari_user = " + socket.asUser() + "\nsubscribe_all = no\n");
        }
        return text.toString();
    }

    private String sockets() {
        StringBuilder text = new StringBuilder();
        for (Asterisk.OutboundSocket socket : wanted.sockets) {
            text.append("[to-" + socket.app() + "]\ntype = websocket_client\nuri = " + socket.uri()
                    + "\nprotocols = ari\nconnection_type = persistent\nconnection_timeout = 500\nreconnect_interval = 500\n"
                    + "reconnect_attempts = 100000\ntls_enabled = no\n");
        }
        return text.toString();
    }

    private String pjsip() {
        StringBuilder text = new StringBuilder(
                "[global]\ntype = global\nuser_agent = asterisk\nendpoint_identifier_order = ip,username\n"
                        + "[udp]\ntype = transport\nprotocol = udp\nbind = " + wanted.address + ":" + sip + "\n");
        wanted.trunks.forEach((name, carrier) -> text.append(
                """
                [TRUNK]
                type = endpoint
                transport = udp
                context = inbound
                disallow = all
                allow = alaw,ulaw
                aors = TRUNK
                direct_media = no
                media_address = ADDRESS
                bind_rtp_to_media_address = yes
                dtmf_mode = rfc4733
                language = fr
                t38_udptl = yes
                t38_udptl_ec = redundancy
                [TRUNK]
                type = aor
                contact = sip:CARRIER
                qualify_frequency = 0
                """
                        .replace("TRUNK", name)
                        .replace("ADDRESS", wanted.address)
                        .replace(
                                "CARRIER",
                                carrier == null
                                        ? wanted.address + ":" + sip
                                        : carrier.getHostString() + ":" + carrier.getPort())));
        // Everybody is at one address: who calls in comes by the first trunk.
        wanted.trunks.entrySet().stream()
                .findFirst()
                .ifPresent(first -> text.append("[calls-in]\ntype = identify\nendpoint = " + first.getKey()
                        + "\nmatch = "
                        + (first.getValue() == null
                                ? wanted.address
                                : first.getValue().getHostString()) + "\n"));
        return text.toString();
    }

    private String dialplan() {
        StringBuilder text = new StringBuilder("[globals]\n[inbound]\n");
        wanted.stasis.forEach((number, app) -> text.append("exten => " + number + ",1,Stasis(" + app
                + ",in,${EXTEN})\n same => n,ExecIf($[\"${STASISSTATUS}\" = \"SUCCESS\"]?Hangup())\n"));
        wanted.faxes.forEach((number, mode) -> text.append("exten => " + number + ",1,Set(FAXMODEWANTED="
                + mode.receives + ")\n same => n,Goto(fax-receive,s,1)\n"));
        return text.append(
                        """
                        [fax-receive]
                        exten => s,1,Answer()
                         same => n,Set(TIMEOUT(absolute)=180)
                         same => n,Set(FAXOPT(ecm)=yes)
                         same => n,Set(FAXOPT(localstationid)=${CALLERID(dnid)})
                         same => n,ReceiveFAX(FOLDER/fax/received-${CHANNEL(uniqueid)}.tif,${FAXMODEWANTED})
                         same => n,Hangup()
                        exten => h,1,UserEvent(FaxReceived,File: FOLDER/fax/received-${CHANNEL(uniqueid)}.tif,Status: ${FAXSTATUS},Pages: ${FAXPAGES},Mode: ${FAXMODE},Remote: ${REMOTESTATIONID})
                        """
                                .replace("FOLDER", folder.toString()))
                .append(wanted.dialplan)
                .toString();
    }

    private String unused() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> modules = Files.list(root.modules())) {
            modules.map(module -> module.getFileName().toString())
                    .filter(module -> UNUSED.matcher(module.replace(".so", "")).matches())
                    .sorted()
                    .forEach(module -> text.append("noload = ").append(module).append('\n'));
        }
        return text.toString();
    }
}
