package io.tocsin.persistence.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** {@code etc/io.tocsin.persistence.cfg}. */
@ObjectClassDefinition(id = NodeDatabase.PID, name = "Tocsin database", description = "Where this node keeps its data")
public @interface PersistenceSettings {

    @AttributeDefinition(
            description = "jdbc:postgresql://HOST[:PORT][,HOST…]/DATABASE[?…] of a PostgreSQL 15 or later;"
                    + " empty: the node runs a server of its own. user= and password= (a reference) may stand in it")
    String url() default "";

    @AttributeDefinition(description = "the role that owns the schema and migrates it")
    String user() default "tocsin_owner";

    @AttributeDefinition(description = "the owner's password, by reference: file:PATH or env:NAME")
    String password() default "";

    @AttributeDefinition(
            description = "the password of the role tocsin_app, by reference; empty: derived from the owner's")
    String appPassword() default "";

    @AttributeDefinition(
            description = "the password of the role tocsin_engine, by reference; empty: derived from the owner's")
    String enginePassword() default "";

    @AttributeDefinition(description = "most connections of the application")
    int appConnections() default 12;

    @AttributeDefinition(description = "most connections of the engine")
    int engineConnections() default 12;

    @AttributeDefinition(
            description = "after which the server gives up a statement, or a transaction that does nothing")
    int statementLimitSeconds() default 120;

    @AttributeDefinition(description = "folder of the node's own server; empty: postgres in the node's data folder")
    String folder() default "";

    @AttributeDefinition(
            description = "account the node's own server runs under when the node is root;"
                    + " empty: tocsin if this machine has it, else nobody")
    String account() default "";
}
