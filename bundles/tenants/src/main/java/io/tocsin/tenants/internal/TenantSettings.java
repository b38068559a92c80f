package io.tocsin.tenants.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The settings of this room, PID {@code io.tocsin.tenants}. Every other property of that PID is a node value that the
 * settings of an account may name: {@code lab.sms.port = 12775} answers <code>${lab.sms.port:2775}</code>.
 */
@ObjectClassDefinition(id = TenantSettings.PID, name = "Tocsin: tenants, signing in, secrets")
public @interface TenantSettings {

    String PID = "io.tocsin.tenants";

    @AttributeDefinition(
            description = "The tenants folder; empty: tenants under the distribution's home; \"none\": not watched")
    String folder() default "";

    @AttributeDefinition(description = "Milliseconds between two looks at the tenants folder")
    long scan_milliseconds() default 2000;

    @AttributeDefinition(description = "Directory of secret files; empty: secrets under the configuration directory")
    String secrets() default "";

    @AttributeDefinition(
            description =
                    "Directory of the keys that seal typed secrets; empty: sealing-keys under the configuration directory")
    String sealing_keys() default "";

    @AttributeDefinition(
            description = "Where the first operator's password is written once; empty: operator-password in the data"
                    + " directory")
    String operator_password_file() default "";
}
