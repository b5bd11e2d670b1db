{{- /* Names, labels and images. */}}
{{- define "telltale.fullname" -}}
{{- .Values.fullnameOverride | default .Release.Name -}}
{{- end }}

{{- define "telltale.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" -}}
{{- end }}

{{- /* What selects the pods of a component; never changes. Takes (dict "root" $ "name" component). */}}
{{- define "telltale.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: telltale
{{- end }}

{{- define "telltale.labels" -}}
{{ include "telltale.selector" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ include "telltale.chart" .root }}
{{- end }}

{{- define "telltale.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end }}

{{- define "telltale.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}{{ include "telltale.fullname" . }}{{ else }}{{ .Values.serviceAccount.name }}{{ end -}}
{{- end }}

{{- /* A service as it is to be: what defaults say, then services, then evaluation. Takes (dict "root" $ "name" service). */}}
{{- define "telltale.service" -}}
{{- with .root.Values -}}
{{- mergeOverwrite (deepCopy .defaults) (deepCopy (index .services $.name | default dict)) (ternary (deepCopy .evaluation.everyService) dict .evaluation.enabled) | toYaml -}}
{{- end -}}
{{- end }}

{{- /* Services by name, as their definitions in the code say. */}}
{{- define "telltale.registry" -}}
{{- .Files.Get "services.yaml" -}}
{{- end }}

{{- /* "true" when Kafka or ClickHouse comes with this release: then they are not there before it. */}}
{{- define "telltale.hasStores" -}}
{{- if or .Values.evaluation.enabled .Values.kafka.strimzi.enabled .Values.clickhouse.operator.enabled }}true{{ end -}}
{{- end }}
