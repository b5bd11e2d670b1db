{{- /* The volume of a store of evaluation. Takes (dict "of" (dict "root" $ "name" store) "storage" storage). */}}
{{- define "telltale.evaluationClaim" -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  labels: {{- include "telltale.selector" .of | nindent 4 }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with .storage.class }}
  storageClassName: {{ . }}
  {{- end }}
  resources: { requests: { storage: {{ .storage.size }} } }
{{- end }}
