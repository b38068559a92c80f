package io.tocsin.directory.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the directory, in {@code etc/io.tocsin.directory.cfg}. */
@ObjectClassDefinition(id = "io.tocsin.directory", name = "Tocsin directory")
public @interface DirectorySettings {

    @AttributeDefinition(description = "Region of numbers written nationally when nothing else says it, ISO 3166")
    String region() default "FR";

    @AttributeDefinition(description = "Largest contact file taken, in MiB")
    int max_file_mebibytes() default 100;

    @AttributeDefinition(description = "Most that the parts of a workbook may unpack to together, in MiB")
    int max_unpacked_mebibytes() default 256;

    @AttributeDefinition(description = "Longest row of a contact file, in characters")
    int max_row_characters() default 100_000;

    @AttributeDefinition(description = "Row errors kept of one import; the rest is counted")
    int max_row_errors() default 10_000;

    @AttributeDefinition(description = "Imports that run at the same time on this node, of different tenants")
    int import_threads() default 2;
}
