//! The names that the language gives to actions, whether a build contains them or not (contract §7, §11).

/// Name and aliases.
pub(super) const ACTIONS: &[(&str, &[&str])] = &[
    ("http_request", &["http"]),
    ("database_query", &["sql"]),
    ("db_poll", &[]),
    ("postgresql.query", &[]),
    ("postgresql.execute", &[]),
    ("postgresql.insert", &[]),
    ("postgresql.update", &[]),
    ("postgresql.delete", &[]),
    ("postgresql.assert", &[]),
    ("postgresql.poll", &[]),
    ("kafka_producer", &["kafka_produce", "kafka_publish", "kafka.produce"]),
    ("kafka_consumer", &["kafka_consume", "kafka.consume"]),
    ("kafka.admin.create_topic", &[]),
    ("kafka.admin.delete_topic", &[]),
    ("kafka.admin.list_topics", &[]),
    ("kafka.admin.describe_topic", &[]),
    ("redis.get", &["redis_get"]),
    ("redis.set", &["redis_set"]),
    ("redis.del", &["redis_del"]),
    ("redis.exists", &["redis_exists"]),
    ("redis.command", &["redis_command"]),
    ("grpc", &["grpc_call"]),
    ("grpc_stream", &[]),
    ("websocket", &[]),
    ("browser", &[]),
    ("mcp_call", &["mcp"]),
    ("mock_server_start", &[]),
    ("mock_server_configure", &[]),
    ("mock_server_verify", &[]),
    ("mock_server_reset_state", &[]),
    ("mock_server_update", &[]),
    ("mock_server_stop", &[]),
    ("contract_generate", &[]),
    ("contract_verify", &[]),
    ("wait_for", &[]),
    ("wait_until", &[]),
    ("condition", &["if"]),
    ("for_each", &["loop"]),
    ("parallel", &[]),
    ("run_flow", &[]),
    ("assert", &[]),
    ("transform", &[]),
    ("log", &[]),
    ("delay", &[]),
    ("exec", &[]),
    ("prometheus.query", &[]),
    ("prometheus.assert", &[]),
    ("loki.query", &[]),
    ("loki.assert", &[]),
    ("otel.inject", &[]),
    ("otel.assert", &[]),
    ("minio.put", &["s3.put"]),
    ("minio.get", &["s3.get"]),
    ("minio.delete", &["s3.delete"]),
    ("minio.assert", &["s3.assert"]),
    ("neo4j.query", &[]),
    ("neo4j.assert", &[]),
    ("scraper.selectOne", &["html.selectOne"]),
    ("scraper.select", &["html.select"]),
    ("scraper.links", &["html.links"]),
];

/// Families whose members the language does not list one by one: what begins so belongs to them.
const FAMILIES: &[(&str, &str)] =
    &[("redis.", "Redis"), ("redis_", "Redis"), ("postgresql.", "PostgreSQL"), ("kafka.admin.", "Kafka's administration")];

/// What a name that is in no list may be an action of: a family, or a plugin (`PLUGIN.ACTION`).
pub(crate) fn family(name: &str) -> Option<String> {
    if let Some((_, family)) = FAMILIES.iter().find(|(prefix, _)| name.starts_with(prefix)) {
        return Some((*family).to_owned());
    }
    let (plugin, action) = name.split_once('.')?;
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    // What begins as an action of ours does is a misspelt one.
    let is_ours = ACTIONS.iter().any(|(known, _)| known.split_once('.').is_some_and(|(first, _)| first == plugin));
    (is_word(plugin) && is_word(action) && !is_ours).then(|| format!("the plugin `{plugin}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_and_plugins() {
        for (name, expected) in [
            ("redis.incr", Some("Redis")),
            ("redis_hget", Some("Redis")),
            ("kafka.admin.createTopic", Some("Kafka's administration")),
            ("stripe.charge", Some("the plugin `stripe`")),
            ("minio.putt", None),
            ("http_requests", None),
            ("a.b.c", None),
            ("x.", None),
        ] {
            assert_eq!(family(name).as_deref(), expected, "{name}");
        }
    }
}
