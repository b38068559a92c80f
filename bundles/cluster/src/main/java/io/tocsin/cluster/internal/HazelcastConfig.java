package io.tocsin.cluster.internal;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.PartitionGroupConfig.MemberGroupType;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.merge.LatestUpdateMergePolicy;
import com.hazelcast.spi.partitiongroup.PartitionGroupMetaData;
import java.time.Duration;

/**
 * Hazelcast as we run it: members that are named, one port on one address, copies on the other site, patience for a long wire,
 * and nothing else of all it could do. It calls nobody, is asked by nobody and reads no class of a stranger's.
 */
final class HazelcastConfig {
    static final String HINTS = "tocsin-hints";
    static final String FACTS = "tocsin-facts";

    /** Member attributes: what a member speaks, and the name others know it by. */
    static final String PROTOCOL = "tocsin.protocol";

    static final String OWN = "tocsin.own";

    /** A handful of records: 271 partitions of them would be threads and traffic for nothing. Equal on all members. */
    private static final int PARTITIONS = 11;

    private HazelcastConfig() {}

    static Config of(Place place) {
        Config config = new Config();
        config.setClusterName(place.cluster());
        // Not ours: it finds its own parts by name. What is ours it is handed as objects.
        config.setClassLoader(HazelcastInstance.class.getClassLoader());
        silence(config);
        threads(config);
        network(config, place);
        patience(config, place.timing());
        serialization(config.getSerializationConfig());
        config.getPartitionGroupConfig().setEnabled(true).setGroupType(MemberGroupType.ZONE_AWARE);
        config.getMemberAttributeConfig()
                .setAttribute(PartitionGroupMetaData.PARTITION_GROUP_ZONE, place.site())
                .setAttribute(PROTOCOL, Integer.toString(place.protocol()))
                .setAttribute(OWN, place.own().toString());
        config.getReplicatedMapConfig(FACTS)
                .setAsyncFillup(true)
                .setStatisticsEnabled(false)
                .setMergePolicyConfig(new MergePolicyConfig().setPolicy(LatestUpdateMergePolicy.class.getSimpleName()));
        config.getTopicConfig(HINTS).setStatisticsEnabled(false).setGlobalOrderingEnabled(false);
        return config;
    }

    private static void silence(Config config) {
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.jmx", "false");
        config.setProperty("hazelcast.diagnostics.enabled", "false");
        config.setProperty("hazelcast.health.monitoring.level", "OFF");
        config.setProperty("hazelcast.slow.operation.detector.enabled", "false");
        config.setProperty("hazelcast.security.recommendations", "false");
        config.setProperty("hazelcast.logging.emoji.enabled", "false");
        config.setProperty("hazelcast.logging.type", "jdk");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        config.getManagementCenterConfig().setConsoleEnabled(false).setScriptingEnabled(false);
        config.getManagementCenterConfig().setDataAccessEnabled(false);
    }

    private static void threads(Config config) {
        config.setProperty("hazelcast.partition.count", Integer.toString(PARTITIONS));
        config.setProperty("hazelcast.operation.thread.count", "2");
        config.setProperty("hazelcast.operation.generic.thread.count", "2");
        config.setProperty("hazelcast.operation.response.thread.count", "1");
        config.setProperty("hazelcast.io.thread.count", "1");
        config.setProperty("hazelcast.event.thread.count", "1");
        config.setProperty("hazelcast.clientengine.thread.count", "1");
        config.setProperty("hazelcast.clientengine.query.thread.count", "1");
        config.setProperty("hazelcast.clientengine.blocking.thread.count", "1");
    }

    private static void network(Config config, Place place) {
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(place.bind().port()).setPortAutoIncrement(false);
        network.setPublicAddress(place.own().toString());
        network.getInterfaces().setEnabled(true).addInterface(place.bind().host());
        network.getMemcacheProtocolConfig().setEnabled(false);
        network.getJoin().getAutoDetectionConfig().setEnabled(false);
        network.getJoin().getMulticastConfig().setEnabled(false);
        var join = network.getJoin().getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(3);
        place.others().forEach(other -> join.addMember(other.toString()));
        join.addMember(place.own().toString());
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.socket.server.bind.any", "false");
        config.setProperty("hazelcast.socket.connect.timeout.seconds", "3");
    }

    private static void patience(Config config, Place.Timing timing) {
        config.setProperty("hazelcast.heartbeat.interval.seconds", seconds(timing.heartbeat()));
        config.setProperty("hazelcast.max.no.heartbeat.seconds", seconds(timing.silence()));
        config.setProperty("hazelcast.merge.first.run.delay.seconds", seconds(timing.merge()));
        config.setProperty("hazelcast.merge.next.run.delay.seconds", seconds(timing.merge()));
        config.setProperty("hazelcast.max.join.seconds", seconds(timing.join()));
        config.setProperty("hazelcast.max.wait.seconds.before.join", "1");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.operation.call.timeout.millis", "10000");
        config.setProperty("hazelcast.graceful.shutdown.max.wait", "5");
    }

    /** Ours are compact records under names. By Java's own serialisation nothing comes but what operations fail with. */
    private static void serialization(SerializationConfig serialization) {
        serialization
                .getCompactSerializationConfig()
                .addSerializer(new Wire.HintSerializer())
                .addSerializer(new Wire.FactsSerializer());
        ClassFilter allowed = new ClassFilter()
                .addPackages("java.lang", "com.hazelcast.core", "com.hazelcast.spi.exception", "com.hazelcast.cluster")
                .addClasses(
                        "java.util.ArrayList",
                        "java.util.Collections$EmptyList",
                        "java.util.Collections$UnmodifiableList",
                        "java.util.Collections$UnmodifiableCollection",
                        "java.util.concurrent.CancellationException",
                        "java.util.concurrent.TimeoutException");
        serialization.setJavaSerializationFilterConfig(
                new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(allowed));
        serialization.setCheckClassDefErrors(false);
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }
}
