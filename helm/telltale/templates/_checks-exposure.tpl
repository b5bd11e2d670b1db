{{- /* Problems with what is reachable from outside, and with resources of others that are not installed; YAML lists of sentences. */}}
{{- define "telltale.exposureProblems" -}}
{{- range $name, $of := pick .Values.ingress "gateway" "grpc" "insights" }}
{{- if and $of.enabled (not $of.host) }}
- "ingress.{{ $name }} is enabled without ingress.{{ $name }}.host: set the name that people use"
{{- end }}
{{- end }}
{{- range $name, $of := pick .Values.routes "gateway" "grpc" "insights" }}
{{- if and $of.enabled (not $.Values.routes.parentRefs) }}
- "routes.{{ $name }} is enabled without routes.parentRefs: name your Gateway, as [{ name: public, namespace: gateways }]"
{{- end }}
{{- end }}
{{- with .Values.ingress }}
{{- if and .grpc.enabled .gateway.enabled (eq .grpc.host .gateway.host) }}
- "ingress.grpc.host and ingress.gateway.host are the same: an Ingress speaks HTTP or gRPC to a host, not both. Give gRPC a host of its own, such as otlp.{{ .gateway.host }}"
{{- end }}
{{- end }}
{{- if and .Values.metrics.prometheusRule.enabled (not (.Files.Get "files/rules.yaml")) }}
- "metrics.prometheusRule is enabled, and this chart was packed without files/rules.yaml: pack it from a checkout of Telltale, or leave it off"
{{- end }}
{{- end }}

{{- define "telltale.operatorProblems" -}}
{{- $scales := false }}
{{- range $name, $service := .Values.services }}
{{- if (include "telltale.service" (dict "root" $ "name" $name) | fromYaml).keda.enabled }}{{ $scales = true }}{{ end }}
{{- end }}
{{- $routes := or .Values.routes.gateway.enabled .Values.routes.insights.enabled }}
{{- $needs := list
  (dict "on" .Values.kafka.strimzi.enabled "flag" "kafka.strimzi.enabled" "kind" "kafka.strimzi.io/v1/Kafka" "who" "Strimzi 0.49 or later (https://strimzi.io/quickstarts/)")
  (dict "on" .Values.clickhouse.operator.enabled "flag" "clickhouse.operator.enabled" "kind" "clickhouse.com/v1alpha1/ClickHouseCluster" "who" "the ClickHouse Operator (https://clickhouse.com/docs/clickhouse-operator/overview)")
  (dict "on" $scales "flag" "services.*.keda.enabled" "kind" "keda.sh/v1alpha1/ScaledObject" "who" "KEDA (https://keda.sh/docs/latest/deploy/)")
  (dict "on" .Values.metrics.serviceMonitor.enabled "flag" "metrics.serviceMonitor.enabled" "kind" "monitoring.coreos.com/v1/ServiceMonitor" "who" "the Prometheus Operator (https://prometheus-operator.dev)")
  (dict "on" .Values.metrics.prometheusRule.enabled "flag" "metrics.prometheusRule.enabled" "kind" "monitoring.coreos.com/v1/PrometheusRule" "who" "the Prometheus Operator (https://prometheus-operator.dev)")
  (dict "on" $routes "flag" "routes.gateway.enabled or routes.insights.enabled" "kind" "gateway.networking.k8s.io/v1/HTTPRoute" "who" "the Gateway API (https://gateway-api.sigs.k8s.io/guides/)")
  (dict "on" .Values.routes.grpc.enabled "flag" "routes.grpc.enabled" "kind" "gateway.networking.k8s.io/v1/GRPCRoute" "who" "the Gateway API 1.1 or later (https://gateway-api.sigs.k8s.io/guides/)")
}}
{{- range $needs }}
{{- if and .on (not ($.Capabilities.APIVersions.Has .kind)) }}
- "{{ .flag }} needs {{ .kind }}, which this cluster does not have: install {{ .who }} first, or set it to false. With helm template, say that it is there: --api-versions {{ .kind }}"
{{- end }}
{{- end }}
{{- end }}
