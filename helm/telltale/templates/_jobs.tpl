{{- /* The pod of a Job that runs commands of telltale one after the other. Takes (dict "root" $ "name" job "commands" (list …)), each a list of arguments. */}}
{{- define "telltale.setupPod" -}}
{{- $root := .root }}
{{- $hook := not (include "telltale.hasStores" $root) }}
{{- $last := sub (len .commands) 1 | int }}
{{- $settings := (include "telltale.stores" $root | fromYaml).settings }}
{{- $readsSettings := eq .name "settings" }}
metadata:
  labels: {{- include "telltale.selector" (dict "root" $root "name" "setup") | nindent 4 }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ include "telltale.serviceAccountName" $root }}{{ if and $hook $root.Values.serviceAccount.create }}-setup{{ end }}
  {{- include "telltale.podSecurity" $root | nindent 2 }}
  {{- with include "telltale.scheduling" $root.Values.defaults | trim }}{{ . | nindent 2 }}{{ end }}
  {{- range $at, $command := .commands }}
  {{- if eq $at 0 }}
  {{- if gt $last 0 }}
  initContainers:
  {{- else }}
  containers:
  {{- end }}
  {{- else if eq $at $last }}
  containers:
  {{- end }}
    - name: {{ first $command }}
      image: {{ include "telltale.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      command: {{ concat (list "node" "dist/apps/cli/main.cjs") $command | toJson }}
      securityContext: {{- include "telltale.containerSecurity" $root | nindent 8 }}
      env:
        {{- include "telltale.env" $root | nindent 8 }}
        {{- range $variable, $value := merge (dict) $root.Values.defaults.env $root.Values.env }}
        - { name: {{ $variable }}, value: {{ include "telltale.value" $value | quote }} }
        {{- end }}
        {{- with $root.Values.defaults.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      resources: {{- toYaml $root.Values.setup.resources | nindent 8 }}
      volumeMounts:
        {{- include "telltale.scratchMounts" $root | nindent 8 }}
        {{- if $readsSettings }}
        - { name: settings, mountPath: /settings, readOnly: true }
        {{- end }}
        {{- with $root.Values.defaults.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  {{- end }}
  volumes:
    {{- include "telltale.scratch" (dict "root" $root "size" $root.Values.defaults.scratchSize) | nindent 4 }}
    {{- if $readsSettings }}
    - name: settings
      secret: { secretName: {{ $settings.secret }}, items: [{ key: {{ $settings.key }}, path: settings.yaml }] }
    {{- end }}
    {{- with $root.Values.defaults.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{- /* What makes an object part of the hook before an install or upgrade; Argo CD runs such in PreSync. Takes a weight. */}}
{{- define "telltale.hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
{{- end }}
