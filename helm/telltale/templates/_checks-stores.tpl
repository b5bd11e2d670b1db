{{- /* Problems with Kafka, ClickHouse, keys and settings; a YAML list of sentences. */}}
{{- define "telltale.storeProblems" -}}
{{- $full := include "telltale.fullname" . }}
{{- $values := .Values }}
{{- $evaluation := .Values.evaluation.enabled }}
{{- if gt (len $full) 40 }}
- "the name {{ $full }} has more than 40 characters: names of objects would be too long. Set fullnameOverride to a shorter one"
{{- end }}
{{- if eq (.Values.image.tag | toString) "latest" }}
- "image.tag is latest: nobody could say what runs, and an upgrade would not change it. Set a version, or image.digest"
{{- end }}
{{- if and (not .Values.masterKey.existingSecret) (not $evaluation) }}
- "masterKey.existingSecret is not set: bodies are encrypted with it. Make one: kubectl create secret generic telltale-master-key --from-literal={{ .Values.masterKey.key }}=$(openssl rand -base64 32)"
{{- end }}
{{- with .Values.kafka }}
{{- if $evaluation }}
{{- if or .brokers .strimzi.enabled }}
- "evaluation.enabled brings its own Kafka, and kafka.{{ ternary "strimzi.enabled" "brokers" .strimzi.enabled }} names another: set only one of them"
{{- end }}
{{- else if .strimzi.enabled }}
{{- if .brokers }}
- "kafka.strimzi.enabled makes a Kafka, and kafka.brokers names another: set only one of them"
{{- end }}
{{- if or .sasl.mechanism .existingSecret .tls.enabled .tls.caSecret .tls.clientSecret }}
- "kafka.strimzi.enabled makes its own user and certificates: leave kafka.sasl, kafka.existingSecret and kafka.tls as they are by default"
{{- end }}
{{- if gt (int .strimzi.minInsyncReplicas) (int (min .replicationFactor .strimzi.replicas)) }}
- "kafka.strimzi.minInsyncReplicas {{ .strimzi.minInsyncReplicas }} is more than topics have replicas ({{ min .replicationFactor .strimzi.replicas }}): nothing could be produced. Set it lower, or kafka.replicationFactor and kafka.strimzi.replicas higher"
{{- end }}
{{- else }}
{{- if not .brokers }}
- "kafka.brokers is empty: name the brokers of your Kafka as [host:port], or set kafka.strimzi.enabled, or, to try Telltale, evaluation.enabled"
{{- end }}
{{- if and .sasl.mechanism (not .existingSecret) }}
- "kafka.sasl.mechanism is set without kafka.existingSecret: make a Secret with {{ .usernameKey }} and {{ .passwordKey }}, and name it there"
{{- end }}
{{- if and .existingSecret (not .sasl.mechanism) }}
- "kafka.existingSecret is set without kafka.sasl.mechanism: set it to plain, scram-sha-256 or scram-sha-512, or take the Secret away"
{{- end }}
{{- if and (not .tls.enabled) (or .tls.caSecret .tls.clientSecret) }}
- "kafka.tls has a Secret and is not enabled: set kafka.tls.enabled to true, or take the Secret away"
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.clickhouse }}
{{- $https := hasPrefix "https:" .url }}
{{- if $evaluation }}
{{- if or .url .operator.enabled }}
- "evaluation.enabled brings its own ClickHouse, and clickhouse.{{ ternary "operator.enabled" "url" .operator.enabled }} names another: set only one of them"
{{- end }}
{{- else if .operator.enabled }}
{{- if .url }}
- "clickhouse.operator.enabled makes a ClickHouse, and clickhouse.url names another: set only one of them"
{{- end }}
{{- if not .existingSecret }}
- "clickhouse.operator.enabled needs clickhouse.existingSecret, the password of the user default: kubectl create secret generic telltale-clickhouse --from-literal={{ .usernameKey }}=default --from-literal={{ .passwordKey }}=$(openssl rand -hex 24)"
{{- end }}
{{- if or .tls.caSecret .tls.clientSecret }}
- "clickhouse.operator.enabled is reached without TLS, inside the cluster: take clickhouse.tls away"
{{- end }}
{{- if eq (mod .operator.keeper.replicas 2) 0 }}
- "clickhouse.operator.keeper.replicas {{ .operator.keeper.replicas }} is even: a majority is asked for, so set 1, 3 or 5"
{{- end }}
{{- else }}
{{- if not .url }}
- "clickhouse.url is empty: set it to http(s)://host:port of your ClickHouse, or set clickhouse.operator.enabled, or, to try Telltale, evaluation.enabled"
{{- end }}
{{- if and (not $https) (or .tls.caSecret .tls.clientSecret) }}
- "clickhouse.tls has a Secret and clickhouse.url is not https: set an https address, or take the Secret away"
{{- end }}
{{- end }}
{{- range $at, $url := list .url .query.url }}
{{- if contains "@" $url }}
- "clickhouse.{{ ternary "url" "query.url" (eq $at 0) }} holds a user or password: put them into the Secret of clickhouse.{{ ternary "" "query." (eq $at 0) }}existingSecret, under {{ $values.clickhouse.usernameKey }} and {{ $values.clickhouse.passwordKey }}"
{{- end }}
{{- end }}
{{- if and .query.existingSecret (not .query.url) }}
- "clickhouse.query.existingSecret is set without clickhouse.query.url: set the address that this user is asked at"
{{- end }}
{{- end }}
{{- with .Values.settings }}
{{- if and .existingSecret .inline }}
- "settings.existingSecret and settings.inline are both set: keep one of them"
{{- end }}
{{- if and $values.setup.settings (not (or .existingSecret .inline $evaluation)) }}
- "settings are missing: without an API key nobody is let in. Make a Secret, kubectl create secret generic telltale-settings --from-file={{ .key }}, and name it in settings.existingSecret"
{{- end }}
{{- end }}
{{- if and $evaluation (not .Values.evaluation.seed) (not (.Capabilities.APIVersions.Has "apps/v1/Deployment")) }}
- "evaluation.seed is empty, and this cluster cannot be looked into (helm template, a dry run, a GitOps tool): passwords would be others each time. Set it to what openssl rand -hex 32 prints, and keep it"
{{- end }}
{{- end }}
