{{- /* What every pod of Telltale has: Pod Security "restricted". */}}
{{- define "telltale.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  {{- if .Values.runAsUser }}
  runAsUser: {{ int64 .Values.runAsUser }}
  runAsGroup: {{ int64 .Values.runAsUser }}
  fsGroup: {{ int64 .Values.runAsUser }}
  fsGroupChangePolicy: OnRootMismatch
  {{- end }}
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "telltale.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- /* Where a pod runs. Takes a service as it is to be, or nothing of it. */}}
{{- define "telltale.scheduling" -}}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* Milliseconds that a service may take to end. Takes (dict "root" $ "service" service). */}}
{{- define "telltale.shutdownMs" -}}
{{- (merge (dict) .service.env .root.Values.env).SHUTDOWN_DEADLINE_MS | default 15000 -}}
{{- end }}

{{- /* Longer than the service may take, with the pause before it hears of its end. */}}
{{- define "telltale.gracePeriod" -}}
{{- .service.terminationGracePeriodSeconds | int | default (add (div (add (include "telltale.shutdownMs" . | int) 999) 1000) 20) -}}
{{- end }}

{{- define "telltale.scratch" -}}
- name: data
  emptyDir: { sizeLimit: {{ .size }} }
- name: tmp
  emptyDir: { sizeLimit: 256Mi }
{{- with include "telltale.tlsSources" .root }}
- name: tls
  projected:
    sources: {{- . | nindent 6 }}
{{- end }}
{{- end }}

{{- define "telltale.scratchMounts" -}}
- { name: data, mountPath: /data }
- { name: tmp, mountPath: /tmp }
{{- if include "telltale.tlsSources" . }}
- { name: tls, mountPath: /tls, readOnly: true }
{{- end }}
{{- end }}
