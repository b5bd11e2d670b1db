{{- /* What would leave data behind, or break it; a YAML list of sentences. Where the cluster cannot be looked into there is nothing to compare with. */}}
{{- define "telltale.upgradeProblems" -}}
{{- $full := include "telltale.fullname" . }}
{{- $namespace := .Release.Namespace }}
{{- $evaluation := .Values.evaluation }}
{{- $wanted := dict }}
{{- if $evaluation.enabled }}
{{- range $store := list "kafka" "clickhouse" }}
{{- $_ := set $wanted (printf "data-%s-%s-0" $full $store) (dict "store" $store "storage" (index $evaluation $store).storage) }}
{{- end }}
{{- end }}
{{- range (lookup "v1" "PersistentVolumeClaim" $namespace "").items }}
{{- $labels := .metadata.labels | default dict }}
{{- if and (eq (index $labels "app.kubernetes.io/part-of" | default "") "telltale") (eq (index $labels "app.kubernetes.io/instance" | default "") $.Release.Name) }}
{{- $name := .metadata.name }}
{{- $is := .spec.resources.requests.storage }}
{{- $class := .spec.storageClassName | default "" }}
{{- with index $wanted $name }}
{{- if ne $is .storage.size }}
- "the volume {{ $name }} has {{ $is }}, and evaluation.{{ .store }}.storage.size is {{ .storage.size }}: a StatefulSet cannot change it. Set it back to {{ $is }}; or enlarge the volume (kubectl -n {{ $namespace }} patch pvc {{ $name }} -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"{{ .storage.size }}\"}}}}'), delete the StatefulSet alone (kubectl -n {{ $namespace }} delete statefulset {{ $full }}-{{ .store }} --cascade=orphan), and upgrade"
{{- end }}
{{- if and .storage.class (ne $class .storage.class) }}
- "the volume {{ $name }} is of the class {{ $class }}, and evaluation.{{ .store }}.storage.class is {{ .storage.class }}: a volume keeps its class. Set it back to {{ $class }}"
{{- end }}
{{- if not (lookup "v1" "Secret" $namespace (printf "%s-evaluation" $full)) }}
- "the volume {{ $name }} is there, and the Secret {{ $full }}-evaluation that its passwords are in is not: bring the Secret back, or, to begin again without the data, delete the volume (kubectl -n {{ $namespace }} delete pvc {{ $name }})"
{{- end }}
{{- else }}
{{- if not $evaluation.abandonVolumes }}
- "the volume {{ $name }} of this release would be left behind: {{ ternary (printf "the release is called %s now, so set fullnameOverride back" $full) "evaluation.enabled is false now, so set it back to true" $evaluation.enabled }}; or take what you need out of it and delete it (kubectl -n {{ $namespace }} delete pvc {{ $name }}); or, to leave it on purpose, set evaluation.abandonVolumes to true"
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $stores := list
  (dict "on" .Values.kafka.strimzi.enabled "flag" "kafka.strimzi.enabled" "version" "kafka.strimzi.io/v1" "kind" "Kafka")
  (dict "on" .Values.clickhouse.operator.enabled "flag" "clickhouse.operator.enabled" "version" "clickhouse.com/v1alpha1" "kind" "ClickHouseCluster")
}}
{{- range $stores }}
{{- $store := . }}
{{- if $.Capabilities.APIVersions.Has (printf "%s/%s" .version .kind) }}
{{- range (lookup .version .kind $namespace "").items }}
{{- if and (eq (index (.metadata.labels | default dict) "telltale/release" | default "") $.Release.Name) (not (and $store.on (eq .metadata.name $full))) (not $evaluation.abandonVolumes) }}
- "the {{ $store.kind }} {{ .metadata.name }} of this release would be left behind with its volumes: set {{ $store.flag }} back to true and keep the name; or take what you need out of it and delete it; or, to leave it on purpose, set evaluation.abandonVolumes to true"
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with lookup "apps/v1" "Deployment" $namespace (printf "%s-gateway" $full) }}
{{- $before := index (.metadata.annotations | default dict) "telltale/partitions" }}
{{- if and $before (ne $before (toString $.Values.partitions)) }}
- "partitions is {{ $.Values.partitions }}, and the topics were made with {{ $before }}: keys would go to other partitions than the state that belongs to them. Set partitions back to {{ $before }}"
{{- end }}
{{- end }}
{{- end }}
