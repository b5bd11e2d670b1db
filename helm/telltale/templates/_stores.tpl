{{- /* How Kafka and ClickHouse are reached, whoever provides them; YAML. */}}
{{- define "telltale.stores" -}}
{{- $full := include "telltale.fullname" . }}
{{- with .Values.kafka }}
kafka:
  {{- if $.Values.evaluation.enabled }}
  brokers: {{ $full }}-kafka:9092
  replicationFactor: 1
  tls: { enabled: false, caSecret: '', caKey: '', clientSecret: '' }
  mechanism: ''
  username: ''
  secret: ''
  {{- else if .strimzi.enabled }}
  brokers: {{ $full }}-kafka-bootstrap:9093
  replicationFactor: {{ min .replicationFactor .strimzi.replicas }}
  tls: { enabled: true, caSecret: {{ $full }}-cluster-ca-cert, caKey: ca.crt, clientSecret: '' }
  mechanism: scram-sha-512
  username: {{ $full }}-telltale
  secret: {{ $full }}-telltale
  {{- else }}
  brokers: {{ join "," .brokers | quote }}
  replicationFactor: {{ .replicationFactor }}
  tls: {{ toJson .tls }}
  mechanism: {{ .sasl.mechanism | quote }}
  username: ''
  secret: {{ .existingSecret | quote }}
  {{- end }}
  usernameKey: {{ .usernameKey }}
  passwordKey: {{ ternary "password" .passwordKey .strimzi.enabled }}
{{- end }}
{{- with .Values.clickhouse }}
clickhouse:
  {{- if $.Values.evaluation.enabled }}
  url: http://{{ $full }}-clickhouse:8123
  cluster: ''
  secret: {{ $full }}-evaluation
  usernameKey: clickhouse-username
  passwordKey: clickhouse-password
  tls: { caSecret: '', caKey: '', clientSecret: '' }
  {{- else }}
  url: {{ ternary (printf "http://%s-clickhouse-headless:8123" $full) .url .operator.enabled | quote }}
  cluster: {{ ternary "default" .cluster .operator.enabled | quote }}
  secret: {{ .existingSecret | quote }}
  usernameKey: {{ .usernameKey }}
  passwordKey: {{ .passwordKey }}
  tls: {{ toJson .tls }}
  {{- end }}
  {{- if $.Values.evaluation.enabled }}
  queryUrl: http://{{ $full }}-clickhouse:8123
  querySecret: {{ $full }}-evaluation-query
  queryAccess: apply
  {{- else }}
  queryUrl: {{ .query.url | quote }}
  querySecret: {{ .query.existingSecret | quote }}
  queryAccess: {{ .query.access | quote }}
  {{- end }}
{{- end }}
masterKey:
  {{- if .Values.evaluation.enabled }}
  secret: {{ .Values.masterKey.existingSecret | default (printf "%s-evaluation" $full) }}
  {{- else }}
  secret: {{ .Values.masterKey.existingSecret }}
  {{- end }}
  key: {{ .Values.masterKey.key }}
settings:
  {{- if .Values.settings.existingSecret }}
  secret: {{ .Values.settings.existingSecret }}
  key: {{ .Values.settings.key }}
  {{- else if .Values.settings.inline }}
  secret: {{ $full }}-settings
  key: settings.yaml
  {{- else if .Values.evaluation.enabled }}
  secret: {{ $full }}-evaluation
  key: settings.yaml
  {{- else }}
  secret: ''
  key: ''
  {{- end }}
{{- end }}

{{- /* A value of a variable: Helm reads numbers as floats, and would write 8.388608e+06. */}}
{{- define "telltale.value" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end -}}
{{- end }}

{{- define "telltale.secretVariable" -}}
- name: {{ .name }}
  valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key }} } }
{{- end }}

{{- /* Variables of every process, with how it reaches the stores. */}}
{{- define "telltale.env" -}}
{{- $stores := include "telltale.stores" . | fromYaml -}}
- { name: TELLTALE_HOME, value: /data }
- { name: HTTP_HOST, value: 0.0.0.0 }
- { name: TELLTALE_PARTITIONS, value: {{ .Values.partitions | quote }} }
{{ include "telltale.secretVariable" (dict "name" "TELLTALE_MASTER_KEY" "secret" $stores.masterKey.secret "key" $stores.masterKey.key) }}
{{- with $stores.kafka }}
- { name: KAFKA_BROKERS, value: {{ .brokers | quote }} }
- { name: KAFKA_REPLICATION_FACTOR, value: {{ .replicationFactor | quote }} }
{{- if .tls.enabled }}
- { name: KAFKA_SSL, value: 'true' }
{{- if .tls.caSecret }}
- { name: KAFKA_SSL_CA_FILE, value: /tls/kafka/ca.crt }
{{- end }}
{{- if .tls.clientSecret }}
- { name: KAFKA_SSL_CERT_FILE, value: /tls/kafka/tls.crt }
- { name: KAFKA_SSL_KEY_FILE, value: /tls/kafka/tls.key }
{{- end }}
{{- end }}
{{- if .mechanism }}
- { name: KAFKA_SASL_MECHANISM, value: {{ .mechanism }} }
{{- if .username }}
- { name: KAFKA_SASL_USERNAME, value: {{ .username }} }
{{- else }}
{{ include "telltale.secretVariable" (dict "name" "KAFKA_SASL_USERNAME" "secret" .secret "key" .usernameKey) }}
{{- end }}
{{ include "telltale.secretVariable" (dict "name" "KAFKA_SASL_PASSWORD" "secret" .secret "key" .passwordKey) }}
{{- end }}
{{- end }}
{{- with $stores.clickhouse }}
- { name: CLICKHOUSE_URL, value: {{ .url | quote }} }
{{- if .cluster }}
- { name: CLICKHOUSE_CLUSTER, value: {{ .cluster | quote }} }
{{- end }}
{{- if .secret }}
{{ include "telltale.secretVariable" (dict "name" "CLICKHOUSE_USERNAME" "secret" .secret "key" .usernameKey) }}
{{ include "telltale.secretVariable" (dict "name" "CLICKHOUSE_PASSWORD" "secret" .secret "key" .passwordKey) }}
{{- end }}
{{- if .queryUrl }}
- { name: CLICKHOUSE_QUERY_URL, value: {{ .queryUrl | quote }} }
- { name: CLICKHOUSE_QUERY_ACCESS, value: {{ .queryAccess | quote }} }
{{- if .querySecret }}
{{ include "telltale.secretVariable" (dict "name" "CLICKHOUSE_QUERY_USERNAME" "secret" .querySecret "key" .usernameKey) }}
{{ include "telltale.secretVariable" (dict "name" "CLICKHOUSE_QUERY_PASSWORD" "secret" .querySecret "key" .passwordKey) }}
{{- end }}
{{- end }}
{{- if .tls.caSecret }}
- { name: CLICKHOUSE_CA_FILE, value: /tls/clickhouse/ca.crt }
{{- end }}
{{- if .tls.clientSecret }}
- { name: CLICKHOUSE_CERT_FILE, value: /tls/clickhouse/tls.crt }
- { name: CLICKHOUSE_KEY_FILE, value: /tls/clickhouse/tls.key }
{{- end }}
{{- end }}
{{- end }}

{{- /* The files that telltale.env names, as sources of one projected volume; empty where there are none. */}}
{{- define "telltale.tlsSources" -}}
{{- range $store, $of := include "telltale.stores" . | fromYaml }}
{{- with $of.tls }}
{{- if and .caSecret (or (eq $store "clickhouse") .enabled) }}
- secret: { name: {{ .caSecret }}, items: [{ key: {{ .caKey }}, path: {{ $store }}/ca.crt }] }
{{- end }}
{{- if and .clientSecret (or (eq $store "clickhouse") .enabled) }}
- secret: { name: {{ .clientSecret }}, items: [{ key: tls.crt, path: {{ $store }}/tls.crt }, { key: tls.key, path: {{ $store }}/tls.key }] }
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Names of Secrets that people made, and that a running process has read; each once. */}}
{{- define "telltale.readSecrets" -}}
{{- with .Values -}}
{{- list .masterKey.existingSecret .kafka.existingSecret .kafka.tls.caSecret .kafka.tls.clientSecret .clickhouse.existingSecret .clickhouse.query.existingSecret .clickhouse.tls.caSecret .clickhouse.tls.clientSecret | compact | uniq | join "," -}}
{{- end -}}
{{- end }}

{{- /* What these Secrets hold, as a digest; empty where the cluster cannot be looked into. Takes (dict "root" $ "names" "a,b"). */}}
{{- define "telltale.secretsChecksum" -}}
{{- $found := list -}}
{{- range splitList "," .names -}}
{{- with lookup "v1" "Secret" $.root.Release.Namespace . -}}
{{- $found = append $found .data -}}
{{- end -}}
{{- end -}}
{{- if $found }}{{ toJson $found | sha256sum }}{{ end -}}
{{- end }}
