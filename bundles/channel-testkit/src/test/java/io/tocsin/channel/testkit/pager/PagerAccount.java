package io.tocsin.channel.testkit.pager;

import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "pager account")
interface PagerAccount {
    @AttributeDefinition(description = "the pager server's host name", max = "255")
    String host();

    @AttributeDefinition(description = "its port", min = "1", max = "65535", defaultValue = "7777")
    int port();

    @AttributeDefinition(type = AttributeType.PASSWORD, description = "the token the operator gave", max = "64")
    String token();

    @AttributeDefinition(description = "messages at once", min = "1", max = "100", defaultValue = "4")
    int window();

    @AttributeDefinition(description = "how long an answer may take", min = "100ms", max = "15s", defaultValue = "10s")
    Duration responseTimeout();
}
