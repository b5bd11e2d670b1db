{{- /* Problems with single services; a YAML list of sentences. */}}
{{- define "telltale.serviceProblems" -}}
{{- $registry := include "telltale.registry" . | fromYaml }}
{{- $partitions := int .Values.partitions }}
{{- $own := list "TELLTALE_HOME" "TELLTALE_PARTITIONS" "TELLTALE_MASTER_KEY" "TELLTALE_SETTINGS_FILE" "TELLTALE_BACKEND" "HTTP_HOST" "HTTP_PORT" "GATEWAY_GRPC_PORT" "MIGRATIONS" "TOPICS" "SUBJECT_KEYS_DIR" "GATEWAY_TLS_CERT_FILE" "GATEWAY_TLS_KEY_FILE" "KAFKA_BROKERS" "KAFKA_REPLICATION_FACTOR" "CLICKHOUSE_URL" "CLICKHOUSE_CLUSTER" "CLICKHOUSE_USERNAME" "CLICKHOUSE_PASSWORD" "CLICKHOUSE_QUERY_URL" "CLICKHOUSE_QUERY_USERNAME" "CLICKHOUSE_QUERY_PASSWORD" "CLICKHOUSE_QUERY_ACCESS" }}
{{- $known := list }}
{{- range $registry.services }}{{ $known = concat $known .config }}{{ end }}
{{- $places := list (dict "name" "env" "env" .Values.env "known" (concat $registry.config $known)) (dict "name" "defaults.env" "env" .Values.defaults.env "known" (concat $registry.config $known)) }}
{{- range $name, $service := .Values.services }}
{{- $places = append $places (dict "name" (printf "services.%s.env" $name) "env" ($service.env | default dict) "known" (concat $registry.config (index $registry.services $name).config)) }}
{{- end }}
{{- range $place := $places }}
{{- range $variable, $value := $place.env }}
{{- if or (has $variable $own) (regexMatch "^(KAFKA_SSL|KAFKA_SASL|CLICKHOUSE_(CA|CERT|KEY)_)" $variable) }}
- "{{ $place.name }} sets {{ $variable }}, which has a value of its own in this chart (partitions, masterKey, settings, kafka, clickhouse, gatewayTls, subjectKeysClaim) or is fixed: set it there"
{{- else if not (has $variable $place.known) }}
- "{{ $place.name }} sets {{ $variable }}, which is no variable of {{ ternary (trimSuffix ".env" $place.name) "Telltale" (hasPrefix "services" $place.name) }} (docs/CONFIG.md lists them). Put variables of others, such as NODE_OPTIONS, into extraEnv"
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $definition := $registry.services }}
{{- $service := include "telltale.service" (dict "root" $ "name" $name) | fromYaml }}
{{- $where := printf "services.%s" $name }}
{{- with $service }}
{{- if and .autoscaling.enabled .keda.enabled }}
- "{{ $where }}.autoscaling and {{ $where }}.keda are both enabled, and would work against each other: keep one of them"
{{- end }}
{{- if and .keda.enabled (not $definition.tasks) }}
- "{{ $where }}.keda is enabled, and {{ $name }} has no tasks that could lag: use {{ $where }}.autoscaling"
{{- end }}
{{- if and .autoscaling.enabled (not (dig "requests" "cpu" "" .resources)) }}
- "{{ $where }}.autoscaling is by use of CPU, and {{ $where }}.resources.requests.cpu is not set: set it"
{{- end }}
{{- if gt (int .autoscaling.minReplicas) (int .autoscaling.maxReplicas) }}
- "{{ $where }}.autoscaling.minReplicas {{ .autoscaling.minReplicas }} is more than maxReplicas {{ .autoscaling.maxReplicas }}: change one of them"
{{- end }}
{{- if and (int .keda.maxReplicas) (gt (int .keda.minReplicas) (int .keda.maxReplicas)) }}
- "{{ $where }}.keda.minReplicas {{ .keda.minReplicas }} is more than maxReplicas {{ .keda.maxReplicas }}: change one of them"
{{- end }}
{{- if $definition.tasks }}
{{- $most := dict "replicas" .replicas "keda.maxReplicas" .keda.maxReplicas }}
{{- if .autoscaling.enabled }}{{ $_ := set $most "autoscaling.maxReplicas" .autoscaling.maxReplicas }}{{ end }}
{{- range $what, $pods := $most }}
{{- if gt (int $pods) $partitions }}
- "{{ $where }}.{{ $what }} {{ $pods }} is more than partitions {{ $partitions }}: a pod without a partition has nothing to do. Set {{ $partitions }} or less"
{{- end }}
{{- end }}
{{- end }}
{{- $shutdown := include "telltale.shutdownMs" (dict "root" $ "service" .) | int }}
{{- if and (int .terminationGracePeriodSeconds) (le (mul .terminationGracePeriodSeconds 1000 | int) (add $shutdown 5000 | int)) }}
- "{{ $where }}.terminationGracePeriodSeconds {{ .terminationGracePeriodSeconds }} is not more than SHUTDOWN_DEADLINE_MS {{ $shutdown }} and 5 s: the pod would be killed at work. Set it to {{ add (div $shutdown 1000) 10 }} or more, or to 0"
{{- end }}
{{- if not (dig "limits" "memory" "" .resources) }}
- "{{ $where }}.resources.limits.memory is not set: one pod could take the memory of its whole node. Set it"
{{- end }}
{{- end }}
{{- end }}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) }}
- "serviceAccount.create is false and serviceAccount.name is empty: name the account that is there"
{{- end }}
{{- end }}
